import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createClient } from "../client.js";
import { definition, workflow } from "../testing/fake-vendor.js";

let close = () => {};
afterEach(() => close());

/** A client of a vendor that answers a create and everything else by `answer`. */
async function vendorThat(answer: (response: ServerResponse, url: string) => void, options = {}) {
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      response.writeHead(202, { "content-type": "application/json" });
      response.end('{"id":1610521604143693813}');
    } else answer(response, request.url ?? "");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  close = () => void server.close();
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createClient<Record<string, Record<string, never>>>(definition, {
    token: "secret-token",
    baseUrl,
    ...options,
  });
}

const json = (response: ServerResponse, text: string | Buffer, headers = {}) => {
  response.writeHead(200, { "content-type": "application/json", ...headers });
  response.end(text);
};

describe("numbers that JavaScript would round", () => {
  it("1.9 come through exactly in ids, in paths, in raw and in api", async () => {
    const urls: string[] = [];
    const client = await vendorThat((response, url) => {
      urls.push(url);
      json(
        response,
        '{"id":1610521604143693813,"status":"done","rows":12,"text":"1610521604143693813 \\" 1","rate":1e300}',
      );
    });
    const job = await client.start(workflow, {});
    expect(job.id).toBe("1610521604143693813");
    const { raw } = await job.refresh();
    expect(urls).toEqual(["/exports/1610521604143693813"]);
    const body = {
      id: "1610521604143693813",
      status: "done",
      rows: 12,
      text: '1610521604143693813 " 1',
      rate: 1e300,
    };
    expect(raw).toEqual(body);
    const { data } = await client.api.GET("/exports" as never);
    expect(data).toEqual(body);
  });
});

describe("replies of any size", () => {
  const bomb = gzipSync(Buffer.alloc(100 * 2 ** 20, " "));

  it.each([
    ["that says its length", (response: ServerResponse) => json(response, Buffer.alloc(20_000_000, " "))],
    [
      "that grows when it is decoded",
      (response: ServerResponse) => json(response, bomb, { "content-encoding": "gzip" }),
    ],
  ])("3.1 a status %s is a bad poll, and is not kept", async (_, answer) => {
    const client = await vendorThat(answer);
    const job = await client.start(workflow, {});
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    await expect(job.refresh()).rejects.toMatchObject({
      name: "ConnectionError",
      message: expect.stringContaining("more than 10000000 bytes"),
      token: job.token,
    });
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    expect(after - before).toBeLessThan(80_000_000);
  });

  it("3.1 a call of api ends with what to do, unless it is read as a stream", async () => {
    const client = await vendorThat((response) => json(response, "x".repeat(2000)), { maxReplyBytes: 1000 });
    await expect(client.api.GET("/exports" as never)).rejects.toMatchObject({
      name: "ProtocolError",
      message: expect.stringContaining("maxReplyBytes"),
    });
    const options = { parseAs: "stream" } as never;
    const { response } = await client.api.GET("/exports" as never, options);
    expect((await response.text()).length).toBe(2000);
  });

  it("3.1 the option is checked", async () => {
    expect(() => createClient(definition, { token: "secret-token", maxReplyBytes: "10 MB" })).toThrow(
      "maxReplyBytes",
    );
  });

  it.each(["[", '{"a":'])("3.3 a status nested 100,000 deep (%s) is unreadable", async (open) => {
    const client = await vendorThat((response) => json(response, `{"status":${open.repeat(100_000)}`));
    const job = await client.start(workflow, {});
    await expect(job.refresh()).rejects.toMatchObject({ name: "ProtocolError", token: job.token });
  });

  it("3.3 also where it is whole", async () => {
    const nested = `{"status":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const client = await vendorThat((response) => json(response, nested));
    const job = await client.start(workflow, {});
    await expect(job.refresh()).rejects.toMatchObject({ name: "ProtocolError" });
  });
});

describe("the body of a call of api", () => {
  /** Sends the head and the first bytes, and never the rest. */
  const stall = (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.write("the first half");
  };

  it.each(["json", "text", "blob", "arrayBuffer"])("is read within requestTimeoutMs: %s", async (parseAs) => {
    const client = await vendorThat(stall, { requestTimeoutMs: 50 });
    await expect(client.api.GET("/exports" as never, { parseAs } as never)).rejects.toMatchObject({
      name: "ConnectionError",
      message: expect.stringContaining("0.05 s"),
    });
  });

  it("ends with the caller's signal", async () => {
    const ended = new AbortController();
    const client = await vendorThat((response) => {
      stall(response);
      setImmediate(() => ended.abort(new Error("enough")));
    });
    await expect(client.api.GET("/exports" as never, { signal: ended.signal } as never)).rejects.toThrow(
      "enough",
    );
  });

  it.each(["text", "blob", "arrayBuffer"])("is not longer than maxReplyBytes: %s", async (parseAs) => {
    const client = await vendorThat((response) => json(response, "x".repeat(2000)), { maxReplyBytes: 1000 });
    await expect(client.api.GET("/exports" as never, { parseAs } as never)).rejects.toMatchObject({
      name: "ProtocolError",
      message: expect.stringContaining("maxReplyBytes"),
    });
  });

  it("comes through in every form, and middleware can read a copy of it", async () => {
    const client = await vendorThat((response) => json(response, '{"id":"é"}', { "x-page": "2" }));
    const read = async (parseAs: string) => {
      const { data, response } = await client.api.GET("/exports" as never, { parseAs } as never);
      return { data: data as unknown, response };
    };
    const { data, response } = await read("json");
    expect(data).toEqual({ id: "é" });
    expect([response.status, response.headers.get("x-page"), response.url]).toEqual([
      200,
      "2",
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/exports$/),
    ]);
    expect((await read("text")).data).toBe('{"id":"é"}');
    expect(Buffer.from((await read("arrayBuffer")).data as ArrayBuffer).toString()).toBe('{"id":"é"}');
    expect(await ((await read("blob")).data as Blob).text()).toBe('{"id":"é"}');
    let seen = "";
    client.api.use({
      async onResponse({ response }) {
        seen = await response.clone().text();
      },
    });
    expect((await read("json")).data).toEqual({ id: "é" });
    expect(seen).toBe('{"id":"é"}');
  });

  it("may be none", async () => {
    const client = await vendorThat((response) => void response.writeHead(204).end());
    const { data, response } = await client.api.GET("/exports" as never);
    expect([data, response.status]).toEqual([undefined, 204]);
  });
});
