import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createClient } from "../../packages/shared/dist/runtime.js";

const JOBS = 10_000;

/** What a waiting job costs: bytes of the heap, and timers of the platform. */
export async function benchMemory(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const { setTimeout, clearTimeout } = globalThis;
  const armed = new Set<unknown>();
  globalThis.setTimeout = ((run: () => void, delay: number) => {
    const timer = setTimeout(run, delay);
    armed.add(timer);
    return timer;
  }) as typeof setTimeout; // the package calls it with a function and a delay only
  globalThis.clearTimeout = (timer) => {
    armed.delete(timer);
    clearTimeout(timer);
  };
  const used = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  try {
    const client = createClient(definition, {
      token: "t",
      fetch: async (_: unknown, init?: RequestInit) =>
        init?.method === "POST"
          ? Response.json({ id: crypto.randomUUID() }, { status: 202 })
          : Response.json({ status: "running" }),
    });
    const controllers = Array.from({ length: JOBS }, () => new AbortController());
    for (const { signal } of controllers) signal.throwIfAborted(); // makes the signal, which is the user's
    await client.start(workflow, {}); // compiled before it is measured
    const before = used();
    const jobs = [];
    const waits = [];
    for (const { signal } of controllers) {
      const job = await client.start(workflow, {});
      jobs.push(job);
      waits.push(job.wait({ signal, schedule: () => 3_600_000 }).catch(() => {}));
    }
    await new Promise((resolve) => setImmediate(resolve));
    const bytes = (used() - before) / JOBS;
    console.log(`${JOBS.toLocaleString("en")} waiting jobs, each with a token and a signal`);
    console.log(`  ${bytes.toFixed(0).padStart(6)} bytes each (of 4,096), ${armed.size} timer armed`);
    for (const controller of controllers) controller.abort();
    await Promise.all(waits);
    console.log(`  ${armed.size} timers when all were aborted`);
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
}

const path = "/jobs/{id}";
const workflow = {
  name: "exportThings",
  start: {
    operation: { id: "start", method: "POST" as const, path: "/jobs" },
    request: () => ({}),
    accepted: () => true,
    outputs: (reply: { body?: unknown }) => reply.body as { id: string }, // what fetch gives above
  },
  poll: {
    operation: { id: "poll", method: "GET" as const, path },
    request: ({ id }: Readonly<Record<string, string>>) => ({ path: { id } }),
    states: [["running", () => true]] as const,
  },
};

const definition = {
  vendor: "bench",
  createName: "createBench",
  version: "0",
  servers: [{ url: "http://127.0.0.1" }],
  variables: {},
  auth: [[{ option: "token", env: "TOKEN", in: "bearer" as const }]],
  workflows: [],
};
