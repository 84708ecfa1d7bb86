import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { DownloadEvent, DownloadProgress } from "../file/options.js";
import type { Transport } from "../http/transport.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { soon } from "../testing/poll.js";
import { answer, part, rawServer, whole } from "../testing/raw-server.js";
import { download, downloadTo } from "./download.js";
import { openDownload } from "./open.js";

const S = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
const SECRETS = {
  authorization: "Bearer secret",
  "X-Api-Key": "secret",
  cookie: "a=secret",
  referer: "https://secret/",
  x_password: "secret",
};
const clock = testClock();

/** A world of made-up hosts: what is asked of each, and what it answers. */
function world(replies: Record<string, ConstructorParameters<typeof Response>[1] & { text?: string }>) {
  const requests: { url: string; headers: Record<string, string> }[] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    requests.push({ url, headers: init.headers as Record<string, string> });
    const { text = "file", ...reply } = replies[url] ?? { status: 404, text: "" };
    return new Response([204, 304].includes(reply.status ?? 200) ? null : text, reply);
  }) as typeof globalThis.fetch;
  return {
    requests,
    fetch,
    urls: () => requests.map(({ url }) => url),
    names: (index: number) => Object.keys(requests[index]?.headers ?? {}).sort(),
  };
}

const redirect = (location: string, status = 302) => ({ status, headers: { location } });

describe("addresses", () => {
  it.each([
    ["/files/9?x=1", "https://api.v.com/files/9?x=1", true],
    ["files/9", "https://api.v.com/v2/exports/files/9", true],
    ["//cdn.v.com/f", "https://cdn.v.com/f", false],
    ["https://evil.example/f", "https://evil.example/f", false],
  ])(
    "59, 60. resolves %s and sends the caller's headers only to the base's origin",
    async (source, url, trusted) => {
      const { fetch, urls, names } = world({ [url]: {} });
      const headers = { ...SECRETS, accept: "text/csv", "User-Agent": "me" };
      await (await download(source, { baseUrl: "https://api.v.com/v2/exports/9", headers, fetch })).text();
      expect(urls()).toEqual([url]);
      const harmless = ["accept", "accept-encoding", "user-agent"];
      expect(names(0)).toEqual(
        trusted
          ? [...harmless, "authorization", "cookie", "referer", "x-api-key", "x_password"].sort()
          : harmless,
      );
    },
  );

  it("59. asks for nothing where the address is relative to nothing", async () => {
    const { fetch, requests } = world({});
    await expect(download("/f", { fetch })).rejects.toMatchObject({ code: "INVALID_URL" });
    expect(requests).toEqual([]);
  });

  it("61. follows a redirect to a store, which gets no header of the caller", async () => {
    const store = await rawServer((socket, request, index) => {
      const refused = Object.keys(request.headers).some((name) =>
        /authorization|cookie|^x|referer/.test(name),
      );
      const say = refused
        ? answer(["400 Bad Request", "Content-Length: 29"], "Only one auth mechanism allowed")
        : whole(S, ['ETag: "v1"']);
      return say(socket, request, index);
    });
    const vendor = await rawServer(
      answer([
        "302 Found",
        `Location: ${store.url("/bucket/f.csv?X-Amz-Signature=abc")}`,
        "Content-Length: 0",
      ]),
    );
    const file = await download(vendor.url("/export"), { headers: SECRETS });
    expect(file.filename).toBe("f.csv");
    expect(Buffer.from(await file.bytes()).equals(S)).toBe(true);
    expect(vendor.requests[0]?.headers).toMatchObject({
      authorization: "Bearer secret",
      "x-api-key": "secret",
    });
    expect(Object.keys(store.requests[0]?.headers ?? {}).sort()).toEqual([
      "accept-encoding",
      "connection",
      "host",
    ]);
  });

  it("62. fetches an expired link anew in the middle of a file", async () => {
    const log: string[] = [];
    const store = await rawServer(
      whole(S, ['ETag: "v1"'], 50_000),
      answer(["403 Forbidden", "Content-Length: 7"], "expired"),
      part(S, 50_000, S.length, ['ETag: "v1"']),
    );
    const vendor = await rawServer((socket, request, index) =>
      answer(["302 Found", `Location: ${store.url(`/f?signature=${index}`)}`, "Content-Length: 0"])(
        socket,
        request,
        index,
      ),
    );
    const folder = await testFolder();
    const result = await downloadTo(vendor.url("/v"), folder.file("f"), {
      headers: SECRETS,
      clock: testClock(),
    });
    expect(result).toMatchObject({ resumed: 1, restarted: 0, sizeBytes: S.length });
    expect((await folder.read("f")).equals(S)).toBe(true);
    for (const { path, range, headers } of vendor.requests)
      log.push(`vendor ${path} ${range} ${headers["authorization"]}`);
    for (const { path, range, headers } of store.requests)
      log.push(`store ${path} ${range} ${headers["authorization"]}`);
    expect(log).toEqual([
      "vendor /v  Bearer secret",
      'vendor /v bytes=50000- "v1" Bearer secret',
      "store /f?signature=0  undefined",
      'store /f?signature=0 bytes=50000- "v1" undefined',
      'store /f?signature=1 bytes=50000- "v1" undefined',
    ]);
  });

  it("62. ends where the new link is refused as well", async () => {
    const store = await rawServer(
      whole(S, ['ETag: "v1"'], 50_000),
      answer(["403 Forbidden", "Content-Length: 0"]),
    );
    const folder = await testFolder();
    await expect(
      downloadTo(async () => store.url("/f"), folder.file("f"), { clock: testClock() }),
    ).rejects.toMatchObject({ code: "HTTP_STATUS", status: 403 });
    expect(store.requests).toHaveLength(2); // the function gave the same address again
    expect(await folder.names()).toEqual([]);
  });

  it("63. asks a function for an address once, and again when it is needed", async () => {
    let calls = 0;
    const server = await rawServer(whole(S, ['ETag: "v1"'], 40_000), (socket, request, index) =>
      (request.path === "/0"
        ? answer(["410 Gone", "Content-Length: 0"])
        : part(S, 40_000, S.length, ['ETag: "v1"']))(socket, request, index),
    );
    const file = await download(() => server.url(`/${calls++}`), { clock: testClock() });
    expect(calls).toBe(1);
    expect(Buffer.from(await file.bytes()).equals(S)).toBe(true);
    expect(calls).toBe(2);
    expect(server.requests.map(({ path }) => path)).toEqual(["/0", "/0", "/1"]);
  });

  it.each([
    ["https://v.com/a", "https://v.com/b", true],
    ["https://v.com/a", "https://v.com:8443/b", false],
    ["http://v.com/a", "https://v.com/b", false],
    ["https://v.com/a", "https://www.v.com/b", false],
  ])("65. from %s to %s the headers stay only on one origin", async (from, to, kept) => {
    const { fetch, names } = world({ [from]: redirect(to), [to]: {} });
    await (await download(from, { headers: SECRETS, fetch })).text();
    expect(names(1).includes("x-api-key")).toBe(kept);
    expect(names(1).includes("authorization")).toBe(kept);
  });

  it("65. headers that were dropped do not come back", async () => {
    const { fetch, names } = world({
      "https://v.com/a": redirect("https://x.com/"),
      "https://x.com/": redirect("https://v.com/b"),
      "https://v.com/b": {},
    });
    await (await download("https://v.com/a", { headers: SECRETS, fetch })).text();
    expect(names(2)).toEqual(["accept-encoding"]);
  });

  it("66. does not go from https to http, unless it is told to", async () => {
    const replies = { "https://v.com/a": redirect("http://v.com/b"), "http://v.com/b": {} };
    const refused = world(replies);
    await expect(download("https://v.com/a", { fetch: refused.fetch })).rejects.toMatchObject({
      code: "INSECURE_REDIRECT",
    });
    expect(refused.urls()).toEqual(["https://v.com/a"]);
    const allowed = world(replies);
    await download("https://v.com/a", {
      fetch: allowed.fetch,
      headers: SECRETS,
      allowInsecureRedirect: true,
    });
    expect(allowed.names(1)).toEqual(["accept-encoding"]);
  });

  it.each([301, 302, 303, 307, 308])("68. follows a %i", async (status) => {
    const { fetch } = world({ "https://v.com/a": redirect("b", status), "https://v.com/b": {} });
    expect(await (await download("https://v.com/a", { fetch })).text()).toBe("file");
  });

  it.each([300, 304])("68. does not follow a %i", async (status) => {
    const { fetch, requests } = world({ "https://v.com/a": redirect("b", status) });
    await expect(download("https://v.com/a", { fetch })).rejects.toMatchObject({
      code: "UNEXPECTED_STATUS",
      status,
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["no address", { status: 302 }],
    ["no readable address", redirect("https://")],
    ["a file", redirect("file:///etc/passwd")],
    ["a script", redirect("data:text/csv,1")],
    ["a name and a password", redirect("https://u:p@v.com/")],
  ])("68. a redirect to %s is none", async (_what, reply) => {
    const { fetch } = world({ "https://v.com/a": reply });
    await expect(download("https://v.com/a", { fetch })).rejects.toMatchObject({ code: "INVALID_REDIRECT" });
  });

  it("69. ends after so many redirects, and a loop with them; their bodies are left", async () => {
    const server = await rawServer(
      answer(["302 Found", "Location: /again", `Content-Length: ${2 ** 31}`], "x".repeat(100_000)),
    );
    await expect(download(server.url(), { maxRedirects: 10 })).rejects.toMatchObject({
      code: "TOO_MANY_REDIRECTS",
    });
    expect(server.requests).toHaveLength(11);
    await soon(() => server.open.size).toBe(0);
    await expect(download(server.url())).rejects.toMatchObject({ code: "TOO_MANY_REDIRECTS" });
    expect(server.requests).toHaveLength(11 + 6);
  });

  it.each([
    "https://user:pass@v.com/f",
    "ftp://v.com/f",
    "file:///etc/passwd",
    "blob:https://v.com/1",
    "https://",
    "not an address",
  ])("71. %s is no address of a file", async (source) => {
    const { fetch, requests } = world({});
    const error: unknown = await download(source, { fetch }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "INVALID_URL" });
    expect(inspect(error)).not.toContain("pass@");
    expect(requests).toEqual([]);
  });

  it.each([
    ["http://169.254.169.254/latest", "169.254.169.254"],
    ["http://localhost./f", "localhost."],
    ["http://[::ffff:127.0.0.1]/f", "[::ffff:7f00:1]"],
    ["http://0x7f.1/f", "127.0.0.1"],
    ["http://2130706433/f", "127.0.0.1"],
  ])("72. shows %s to allowUrl before anything is sent to it", async (target, hostname) => {
    const { fetch, urls } = world({ "https://v.com/a": redirect(target) });
    const seen: string[] = [];
    const allowUrl = (url: URL) => {
      seen.push(url.hostname);
      return url.hostname === "v.com";
    };
    await expect(
      download("https://v.com/a", { fetch, allowUrl, allowInsecureRedirect: true }),
    ).rejects.toMatchObject({ code: "URL_NOT_ALLOWED" });
    expect(seen).toEqual(["v.com", hostname]);
    expect(urls()).toEqual(["https://v.com/a"]);
    await expect(download(target, { fetch, allowUrl })).rejects.toMatchObject({ code: "URL_NOT_ALLOWED" });
    expect(urls()).toHaveLength(1);
  });

  it("72. an address of plain http is not taken from a source that is configured with https", async () => {
    const { fetch, requests } = world({});
    const source = {
      allowHttp: false,
      locate: async () => ({ url: new URL("http://v.com/f"), trusted: false }),
    };
    await expect(openDownload(source, {}, { clock, fetch })).rejects.toMatchObject({
      code: "URL_NOT_ALLOWED",
    });
    expect(requests).toEqual([]);
  });

  it("74. nothing that is told holds a query or a header's value", async () => {
    const told: (DownloadEvent | DownloadProgress | unknown)[] = [];
    const body = "<Error><Resource>/f?X-Amz-Signature=topsecret&amp;x=1</Resource></Error>";
    const store = await rawServer(answer(["403 Forbidden", `Content-Length: ${body.length}`], body));
    const broken = await rawServer((socket) => socket.destroy());
    const options = {
      headers: { authorization: "topsecret" },
      onEvent: (event: DownloadEvent) => told.push(event),
      clock,
    };
    for (const address of [
      store.url("/f?sig=topsecret"),
      broken.url("/f?sig=topsecret"),
      "http://127.0.0.1:1/f?sig=topsecret",
      "http://%/?sig=topsecret",
      "http://a:topsecret@b/",
    ]) {
      const vendor = await rawServer(answer(["302 Found", `Location: ${address}`, "Content-Length: 0"]));
      told.push(await download(vendor.url("/v?key=topsecret"), options).catch((error: unknown) => error));
      told.push(await download(address, options).catch((error: unknown) => error));
    }
    const echo = "no access for topsecret";
    const echoing = await rawServer(answer(["403 Forbidden", `Content-Length: ${echo.length}`], echo));
    told.push(
      await download(echoing.url(), { ...options, headers: { authorization: "Bearer topsecret" } }).catch(
        (error: unknown) => error,
      ),
    );
    told.push(
      await download(store.url(), { headers: { authorization: "topsecret\n" } }).catch(
        (error: unknown) => error,
      ),
    );
    expect(told.length).toBeGreaterThan(11);
    expect(inspect(told, { depth: 10, showHidden: false })).not.toContain("topsecret");
    expect(inspect(told)).toContain("/f?…");
  });

  it("75. says when a browser followed redirects by itself", async () => {
    const fetch = (async (_url: string, init: RequestInit) => {
      if (init.redirect === "manual")
        return { type: "opaqueredirect", status: 0, headers: new Headers(), body: null, url: "" };
      return Object.defineProperty(new Response("file"), "url", {
        value: "https://store.example/2024.csv?sig=1",
      });
    }) as unknown as typeof globalThis.fetch;
    const folder = await testFolder();
    const result = await downloadTo("https://v.com/a", `${folder.path}/`, { fetch });
    expect(result).toMatchObject({ redirectsVerified: false, path: folder.file("2024.csv") });
    const plain = world({ "https://v.com/a": {} });
    expect(await downloadTo("https://v.com/a", folder.file("g"), { fetch: plain.fetch })).toMatchObject({
      redirectsVerified: true,
    });
  });

  it("enters the vendor's own origin only, and leaves it when the body has ended", async () => {
    const log: string[] = [];
    const { fetch } = world({ "https://v.com/a": redirect("https://s.com/f"), "https://s.com/f": {} });
    const source = {
      allowHttp: false,
      locate: async () => ({ url: new URL("https://v.com/a"), trusted: true }),
      acquire: async (url: URL) => {
        log.push(`enter ${url.host}`);
        return () => log.push(`leave ${url.host}`);
      },
    };
    await (await openDownload(source, {}, { clock, fetch })).text();
    expect(log).toEqual(["enter v.com", "leave v.com"]);
  });

  it("takes a reply that is open already as the first one, and asks the source for the next", async () => {
    const log: boolean[] = [];
    const server = await rawServer(part(S, 60_000, S.length, ['ETag: "v1"']));
    const { nodeTransport } = await import("../platform/node/transport.js");
    const transport: Transport = nodeTransport();
    const first = await rawServer(whole(S, ['ETag: "v1"'], 60_000));
    const source = {
      allowHttp: true,
      reply: await transport(new URL(first.url()), { headers: {} }),
      fileName: "job.csv",
      locate: async ({ renew }: { renew: boolean }) => {
        log.push(renew);
        return { url: new URL(server.url()), trusted: true };
      },
    };
    const file = await openDownload(source, {}, { clock: testClock() });
    expect(file.filename).toBe("file.csv");
    expect(Buffer.from(await file.bytes()).equals(S)).toBe(true);
    expect(log).toEqual([false]);
    expect(server.requests[0]?.range).toBe('bytes=60000- "v1"');
  });
});
