import { once } from "node:events";
import { Agent, createServer, type IncomingMessage } from "node:http";
import net, { type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClient } from "./client.js";
import { definition, workflow } from "./testing/fake-vendor.js";
import { testFolder } from "./testing/folder.js";
import type { Workflow } from "./workflow/workflow.js";

/** A vendor; with `isFile` the poll that succeeds is the file. */
async function vendor(): Promise<string> {
  const server = createServer(({ method, url }, response) => {
    const json = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (method === "POST") json(202, { id: "j1" });
    else if (url === "/exports/j1") json(200, { id: "j1", status: "done" });
    else response.writeHead(200, { "content-type": "text/csv", "content-length": "4" }).end("a;b\n");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy that makes tunnels (CONNECT, RFC 9110 §9.3.6), and an agent that goes through it. */
async function proxy() {
  const tunnels: string[] = [];
  const server = createServer().listen(0, "127.0.0.1");
  server.on("connect", ({ url = "" }: IncomingMessage, client: net.Socket) => {
    tunnels.push(url);
    const [host = "", port = ""] = url.split(":");
    const upstream = net.connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on("error", () => {});
  });
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  class TunnelAgent extends Agent {
    // @ts-expect-error: Node's types do not know that a connection may come later.
    override createConnection(
      options: net.NetConnectOpts & { host: string; port: number },
      ready: (error: Error | null, socket: net.Socket) => void,
    ) {
      const socket = net.connect(port, "127.0.0.1");
      socket.write(`CONNECT ${options.host}:${options.port} HTTP/1.1\r\n\r\n`);
      socket.once("data", () => ready(null, socket));
    }
  }
  return { tunnels, agent: new TunnelAgent() };
}

const pollIsFile: Workflow<{ name?: string }, unknown> = {
  name: "exportAtOnce",
  start: workflow.start as Workflow<{ name?: string }, unknown>["start"],
  poll: {
    loadFilePoll: () => import("./polling/file-request.js"),
    operation: { id: "file", method: "GET", path: "/exports/{id}/file" },
    request: ({ id }) => ({ path: { id } }),
    states: [["succeeded", (reply) => reply.ok]],
    file: { "*/*": "" },
  },
};

describe("5.3 one agent serves all requests of a client", () => {
  it.each([
    ["a workflow with a download", workflow as unknown as typeof pollIsFile, 3],
    ["a poll that is the file", pollIsFile, 2],
  ])("%s goes through the proxy, and so does a call", async (_, steps, requests) => {
    const [baseUrl, { agent, tunnels }] = await Promise.all([vendor(), proxy()]);
    const folder = await testFolder();
    const client = createClient(definition, { token: "secret-token", baseUrl, agent });
    const job = await client.start(steps, {});
    await job.save(folder.file("out.csv"));
    expect((await folder.read("out.csv")).toString()).toBe("a;b\n");
    const { GET } = client.api as unknown as { GET(path: string): Promise<{ data: unknown }> };
    expect(await GET("/exports/j1")).toMatchObject({ data: { status: "done" } });
    expect(tunnels).toHaveLength(requests + 1);
    expect(new Set(tunnels)).toEqual(new Set([new URL(baseUrl).host]));
  });

  it("the agent of one download replaces that of its client", async () => {
    const [baseUrl, mine, other] = await Promise.all([vendor(), proxy(), proxy()]);
    const client = createClient(definition, { token: "secret-token", baseUrl, agent: mine.agent });
    const job = await client.start(workflow, {});
    await (await job.download({ agent: other.agent })).text();
    expect([mine.tunnels.length, other.tunnels.length]).toEqual([2, 1]);
  });

  it("is refused beside a fetch", () => {
    expect(() => createClient(definition, { token: "x-y-z", agent: new Agent(), fetch })).toThrow(
      'give either the option "fetch" or "agent", not both',
    );
  });

  it("polls that are the file ask no cache", async () => {
    const caches: unknown[] = [];
    const recorded: typeof fetch = async (_, init) => {
      caches.push(init?.cache);
      return init?.method === "POST" ? Response.json({ id: "j1" }, { status: 202 }) : new Response("a;b\n");
    };
    const job = await createClient(definition, { token: "secret-token", fetch: recorded }).start(
      pollIsFile,
      {},
    );
    await (await job.download()).text();
    expect(caches).toEqual(["no-store", "no-store"]);
  });
});
