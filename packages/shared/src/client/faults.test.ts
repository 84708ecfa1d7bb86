import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createClient } from "../client.js";
import { toBase64Url } from "../encoding/base64.js";
import { readToken } from "../record/resume-token.js";
import { definition } from "../testing/fake-vendor.js";
import { checksum } from "./checksum.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serverThat(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A client whose paths are not typed. */
function clientAt(baseUrl: string, options = {}) {
  const client = createClient(definition, { token: "secret-token", baseUrl, ...options });
  const { GET, POST } = client.api as unknown as Record<
    "GET" | "POST",
    (path: string, init?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
  >;
  return { ...client, GET, POST };
}

describe("secrets of a call", () => {
  it.each([
    ["redirect: follow", (_: string) => ({ redirect: "follow" })],
    ["a base URL of its own", (other: string) => ({ baseUrl: other })],
  ])("4.2 stay on the client's origin, whatever the call says (%s)", async (_, init) => {
    const seen: (string | undefined)[] = [];
    const other = await serverThat(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end("{}");
    });
    const own = await serverThat((_, response) => {
      response.writeHead(302, { location: `${other}/elsewhere` }).end();
    });
    await clientAt(own).GET("/exports", init(other));
    expect(seen.filter(Boolean)).toEqual([]);
  });

  it("4.2 a redirect on the own origin is followed where the call asks for it", async () => {
    const own = await serverThat(({ url, headers }, response) => {
      if (url === "/exports") response.writeHead(302, { location: "/moved" }).end();
      else
        response
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify(headers.authorization));
    });
    const { GET } = clientAt(own);
    expect((await GET("/exports", { redirect: "follow" })).data).toBe("Bearer secret-token");
    expect((await GET("/exports")).response.status).toBe(302);
  });

  it("4.2 a middleware that sends the request elsewhere sends no credentials", async () => {
    const seen: (string | undefined)[] = [];
    const other = await serverThat(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end("{}");
    });
    const { api } = createClient(definition, { token: "secret-token", baseUrl: "http://127.0.0.1:9" });
    api.use({ onRequest: () => new Request(`${other}/exports`) });
    await (api as unknown as Record<"GET", (path: string) => Promise<unknown>>).GET("/exports");
    expect(seen).toEqual([undefined]);
  });

  it.each(["https://", "http://", "https:///rest", "//host", "ftp://host", "https:host"])(
    "4.4 the base URL %s is refused",
    (baseUrl) => {
      expect(() => clientAt(baseUrl)).toThrow('the option "baseUrl"');
    },
  );
});

describe("resume tokens that somebody made", () => {
  const forge = (content: unknown) => {
    const payload = `v1.${toBase64Url(typeof content === "string" ? content : JSON.stringify(content))}`;
    return `${payload}.${checksum(payload)}`;
  };

  it.each([
    ["no JSON", "{"],
    ["null", null],
    ["an object", {}],
    ["an empty list", []],
    ["numbers", [1, 2, 3, 4, 5]],
    ["no job", ["acme", "exportThings", "x", 1, null]],
    ["a job with an object in it", ["acme", "exportThings", "x", 1, { id: {} }]],
    ["no time", ["acme", "exportThings", "x", "yesterday", { id: "j1" }]],
    ["a time without a date", ["acme", "exportThings", "x", 1e300, { id: "j1" }]],
  ])("4.9 %s is refused as a token", (_, content) => {
    const named = expect.objectContaining({ name: "ResumeTokenError" });
    expect(() => readToken(forge(content))).toThrow(named);
    expect(() => clientAt("http://127.0.0.1:9").resume(forge(content))).toThrow(named);
  });

  it("4.9 characters that are no base64 are refused, too", () => {
    const payload = "v1.a";
    const named = expect.objectContaining({ name: "ResumeTokenError" });
    expect(() => readToken(`${payload}.${checksum(payload)}`)).toThrow(named);
  });
});

describe("fetches and replies of any kind", () => {
  it("5.2 a fetch that knows an address and options serves all requests", async () => {
    const calls: unknown[] = [];
    const fetch = async (url: unknown, init: RequestInit = {}) => {
      calls.push([typeof url, init.method, init.body]);
      if (typeof url !== "string") throw new TypeError("Invalid URL");
      return Response.json({ ok: true });
    };
    const { GET, POST } = clientAt("https://api.acme.test", { fetch });
    await GET("/exports");
    await POST("/exports", { body: { name: "a" } });
    expect(calls).toEqual([
      ["string", "GET", null],
      ["string", "POST", '{"name":"a"}'],
    ]);
  });

  it.each([
    ["text/csv", "id,name\n1,a\n", "id,name\n1,a\n"],
    ["application/json; charset=utf-8", '{"a":1}', { a: 1 }],
    ["application/vnd.acme+json", '{"a":1}', { a: 1 }],
    ["text/plain", "123", "123"],
    ["application/json", "", undefined],
  ])("5.6 a reply of type %s is read as its type says", async (type, body, data) => {
    const own = await serverThat((_, response) =>
      response.writeHead(200, { "content-type": type }).end(body),
    );
    expect((await clientAt(own).GET("/exports")).data).toEqual(data);
  });

  it("5.6 JSON that is none is an error of ours, without the data", async () => {
    const type = { "content-type": "application/json" };
    const own = await serverThat((_, response) => response.writeHead(200, type).end("mail@example.com;1"));
    const error = await clientAt(own)
      .GET("/exports")
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "ProtocolError" });
    expect(String(error)).not.toContain("mail@example.com");
  });

  it("5.6 a middleware sees and changes replies as before", async () => {
    const type = { "content-type": "application/json" };
    const own = await serverThat((_, response) =>
      response.writeHead(200, type).end('{"id":1610521604143693813}'),
    );
    const { api } = createClient(definition, { token: "secret-token", baseUrl: own });
    api.use({ onResponse: async ({ response }) => new Response(await response.text(), response) });
    const { data } = await (
      api as unknown as Record<"GET", (path: string) => Promise<{ data: unknown }>>
    ).GET("/exports");
    expect(data).toEqual({ id: "1610521604143693813" });
  });
});
