import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { testClock } from "../testing/download-clock.js";
import { answer, chunked, rawServer, rest, whole } from "../testing/raw-server.js";
import { cleanupStale } from "./cleanup.js";
import { download, downloadTo } from "./download.js";

vi.mock("#platform", () => import("../platform/web/index.js"));

const S = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
const TAG = ['ETag: "v1"'];
const sha256 = createHash("sha256").update(S).digest("hex");

describe("the half without a file system", () => {
  it("downloads by fetch, over a cut and a redirect", async () => {
    const store = await rawServer(whole(S, TAG, 40_000), rest(S, TAG));
    const vendor = await rawServer(answer(["302 Found", `Location: ${store.url()}`, "Content-Length: 0"]));
    const { body } = await download(vendor.url(), { headers: { "x-key": "secret" }, clock: testClock() });
    expect(Buffer.from(await new Response(body).arrayBuffer()).equals(S)).toBe(true);
    expect(store.requests.map(({ range }) => range)).toEqual(["", 'bytes=40000- "v1"']);
    expect(store.requests[0]?.headers).not.toHaveProperty("x-key");
  });

  it("proves a length and a digest, but no framing", async () => {
    const saved = async (reply: Parameters<typeof rawServer>[0], options = {}) => {
      const server = await rawServer(reply);
      return downloadTo(server.url(), new WritableStream(), { clock: testClock(), ...options });
    };
    expect(await saved(whole(S))).toMatchObject({ integrity: "length", sizeBytes: S.length });
    expect(await saved(chunked([S]))).toMatchObject({ integrity: "none" });
    expect(await saved(chunked([S]), { expected: { sha256 } })).toMatchObject({
      integrity: "digest",
      sha256,
    });
    expect(await saved(whole(gzipSync(S), ["Content-Encoding: gzip"]))).toMatchObject({
      integrity: "none",
      sizeBytes: S.length,
    });
    await expect(saved(chunked([S]), { requireIntegrity: "framing" })).rejects.toMatchObject({
      code: "INCOMPLETE_UNVERIFIABLE",
    });
    await expect(saved(whole(S), { expected: { sha256: "0".repeat(64) } })).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
    });
    await expect(saved(whole(S), { expected: { md5: "0".repeat(32) } })).rejects.toBeInstanceOf(TypeError);
  });

  it("counts with a length that hides an encoding only as far as it goes", async () => {
    // A browser does not show another origin's Content-Encoding.
    const fetch = async () => new Response(S, { headers: { "content-length": "500", etag: '"v1"' } });
    const saved = await downloadTo("https://v.example/f", new WritableStream(), {
      fetch,
      clock: testClock(),
    });
    expect(saved).toMatchObject({ integrity: "none", sizeBytes: S.length });
    await expect(
      downloadTo("https://v.example/f", new WritableStream(), { fetch, requireIntegrity: "framing" }),
    ).rejects.toMatchObject({
      code: "INCOMPLETE_UNVERIFIABLE",
    });
    const short = async () => new Response(S, { headers: { "content-length": "200000" } });
    await expect(
      download("https://v.example/f", { fetch: short, clock: testClock() }).then((file) => file.bytes()),
    ).rejects.toMatchObject({ code: "INCOMPLETE" });
  });

  it("has no paths", async () => {
    const server = await rawServer(whole(S));
    await expect(downloadTo(server.url(), "/tmp/f")).rejects.toMatchObject({
      code: "FILE_ERROR",
      systemCode: "ENOTSUP",
    });
    await expect(cleanupStale("/tmp")).rejects.toMatchObject({ code: "FILE_ERROR" });
    expect(server.requests).toEqual([]);
  });

  it("digests by a stream where the platform has one", async () => {
    const real = createHash("sha256");
    class DigestStream extends WritableStream<Uint8Array> {
      digest: Promise<ArrayBuffer>;
      constructor() {
        let done: (digest: ArrayBuffer) => void = () => {};
        super({
          write: (chunk) => void real.update(chunk),
          close: () => done(new Uint8Array(real.digest()).buffer),
        });
        this.digest = new Promise((resolve) => {
          done = resolve;
        });
      }
    }
    vi.stubGlobal("crypto", { DigestStream });
    try {
      const server = await rawServer(whole(S));
      expect(await downloadTo(server.url(), new WritableStream(), { sha256: true })).toMatchObject({
        sha256,
        integrity: "length",
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
