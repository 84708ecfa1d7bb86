import createOpenapiClient from "openapi-fetch";
import { createClient } from "../../packages/shared/dist/runtime.js";
import { median } from "./median.js";

const ROUNDS = 15;
const CALLS = 20_000;

type Paths = {
  "/items": {
    get: {
      parameters: Record<string, never>;
      responses: { 200: { content: { "application/json": { id: string } } } };
    };
  };
};

/** The CPU time of a typed call with credentials and limits, beside openapi-fetch by itself and bare fetch; the network is a function. */
export async function benchCalls(): Promise<void> {
  const body = JSON.stringify({ id: "1" });
  const fetch: typeof globalThis.fetch = async () =>
    new Response(body, {
      headers: { "content-type": "application/json", "content-length": String(body.length) },
    });
  const openapi = createOpenapiClient<Paths>({
    baseUrl: "http://127.0.0.1",
    fetch,
    headers: { authorization: "Bearer t" },
  });
  const ours = createClient<Paths>(
    {
      vendor: "bench",
      createName: "createBench",
      version: "0",
      servers: [{ url: "http://127.0.0.1" }],
      variables: {},
      auth: [[{ option: "token", env: "TOKEN", in: "bearer" }]],
      rateLimit: { quotas: [{ quota: 1e9, windowMs: 1000 }], maxConcurrent: 10 },
      workflows: [],
    },
    { token: "t", fetch },
  );
  const calls: Record<string, () => Promise<unknown>> = {
    "bare fetch": async () =>
      (await fetch("http://127.0.0.1/items", { headers: { authorization: "Bearer t" } })).json(),
    "openapi-fetch": () => openapi.GET("/items"),
    outhaul: () => ours.api.GET("/items"),
  };
  const times = new Map(Object.keys(calls).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, call] of Object.entries(calls)) {
      const before = process.cpuUsage();
      for (let at = 0; at < CALLS; at++) await call();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) times.get(name)?.push((user + system) / CALLS);
    }
  }
  const bare = median(times.get("bare fetch") ?? []);
  const peer = median(times.get("openapi-fetch") ?? []) - bare;
  console.log(`A typed call, CPU time, median of ${ROUNDS} rounds of ${CALLS} calls`);
  for (const [name, all] of times) {
    const extra = median(all) - bare;
    const ratio = name === "outhaul" ? `  ${(extra / peer).toFixed(2)} × openapi-fetch's own` : "";
    console.log(
      `  ${name.padEnd(20)} ${median(all).toFixed(1).padStart(6)} µs  +${extra.toFixed(1)} µs${ratio}`,
    );
  }
}
