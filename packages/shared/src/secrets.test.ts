import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createClient } from "./client.js";
import { download } from "./download/download.js";
import { testClock } from "./testing/download-clock.js";
import { definition, fakeVendor, workflow } from "./testing/fake-vendor.js";
import { type Answer, rawServer } from "./testing/raw-server.js";

const SECRET = "s3cret-value-0123456789";

/** All that a log could show of a value: hidden members, causes, and buffers as text. */
const all = (value: unknown) => inspect(value, { depth: 30, showHidden: true, maxStringLength: null });

/** No HTTP; it repeats what it was sent, as a broken proxy may. */
const echo: Answer = (socket, { headers, line }) =>
  void socket.end(`HTTP/1.1 200 OK\r\n${headers["authorization"]} ${headers["x-key"]} ${line}\r\n\r\n`);

const failed = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable("it did not fail"),
    (error) => error,
  );

/** As libraries do it that keep the request on their errors. */
const careless: typeof fetch = async (_, init) => {
  const inner = Object.assign(new Error(`sent ${SECRET}`), { config: { headers: init?.headers } });
  throw Object.assign(new TypeError("failed", { cause: inner }), { request: init });
};

describe("4.3 nothing that a user logs repeats a secret", () => {
  it.each([
    ["the global fetch", undefined],
    ["a careless fetch", careless],
  ])("the error of a request with all its causes (%s)", async (_, fetch) => {
    const server = await rawServer(echo);
    const client = createClient(definition, {
      token: SECRET,
      baseUrl: server.origin,
      ...(fetch && { fetch }),
    });
    const error = await failed(client.start(workflow, {}));
    expect(error).toMatchObject({ code: "CREATE_AMBIGUOUS", cause: { code: "CONNECTION_ERROR", cause: {} } });
    expect(all(error)).not.toContain(SECRET);
    const call = client.api as unknown as { GET(path: string): Promise<unknown> };
    expect(all(await failed(call.GET("/exports")))).not.toContain(SECRET);
  });

  it.each([
    ["node:http", undefined],
    ["the global fetch", (...call: Parameters<typeof fetch>) => fetch(...call)],
    ["a careless fetch", careless],
  ])("the error of a download with all its causes (%s)", async (_, fetch) => {
    const server = await rawServer(echo);
    const options = {
      clock: testClock(),
      headers: { authorization: `Bearer ${SECRET}`, "x-key": SECRET },
      retry: { attempts: 1 },
      ...(fetch && { fetch }),
    };
    const error = await failed(download(server.url(`/file?sig=${SECRET}&expires=3600`), options));
    expect(error).toMatchObject({ code: "INCOMPLETE" });
    expect(all(error)).not.toContain(SECRET);
  });

  it("a refusal that repeats the signature of an address, whatever stands around it", async () => {
    const server = await rawServer((socket, { path }) => {
      const text = `<Error><Signature>${SECRET}</Signature>${path} for 3600 s</Error>`;
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    });
    const error = await failed(download(server.url(`/file?sig=${SECRET}&expires=3600`)));
    expect(error).toMatchObject({ code: "HTTP_STATUS", message: expect.stringContaining("3600 s") });
    expect(all(error)).not.toContain(SECRET);
  });

  it("an id of a request in events, on the diagnostics channel and on errors", async () => {
    const seen: unknown[] = [];
    const listener = (event: unknown) => void seen.push(event);
    subscribe("outhaul:request", listener);
    const { client } = fakeVendor(
      {
        create: [{ status: 403, headers: { "x-request-id": `id of ${SECRET}` }, body: { message: SECRET } }],
      },
      { token: SECRET, onEvent: listener },
    );
    const error = await failed(client.start(workflow, {}));
    unsubscribe("outhaul:request", listener);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({ requestId: "id of ***" });
    expect(all([seen, (error as Error).message])).not.toContain(SECRET);
  });

  it("keeps the cause itself where it holds none", async () => {
    const cause = Object.assign(new Error("no route", { cause: new Error("deep") }), {
      code: "EHOSTUNREACH",
    });
    const { client } = fakeVendor({}, { fetch: async () => Promise.reject(cause) });
    const call = client.api as unknown as { GET(path: string): Promise<unknown> };
    expect(((await failed(call.GET("/exports"))) as Error).cause).toBe(cause);
  });
});
