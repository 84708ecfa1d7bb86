import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { DownloadProgress, SaveOptions } from "../file/options.js";
import { decodeBody } from "../platform/node/decode.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { type Answer, answer, chunked, part, rawServer, whole } from "../testing/raw-server.js";
import { download, downloadTo, type RequestOptions } from "./download.js";

const S = Buffer.from("name,city\n".repeat(20_000));
const GZIP = gzipSync(S);
const digest = (name: string, data: Uint8Array = S) => createHash(name).update(data).digest();

async function save(answers: Answer[], options: SaveOptions & RequestOptions = {}) {
  const server = await rawServer(...answers);
  const folder = await testFolder();
  const result = await downloadTo(server.url(), folder.file("f"), { clock: testClock(), ...options }).catch(
    (error: unknown) => error,
  );
  const names = await folder.names();
  return {
    result,
    names,
    file: names.includes("f") ? await folder.read("f") : undefined,
    ranges: server.requests.map(({ range }) => range),
  };
}

describe("encodings", () => {
  it.each<[string, Uint8Array]>([
    ["gzip", GZIP],
    ["x-gzip", GZIP],
    ["deflate", deflateSync(S)],
    ["deflate", deflateRawSync(S)],
    ["br", brotliCompressSync(S)],
  ])(
    "76. decodes a body of %s that nobody asked for, and does not count with its length",
    async (encoding, body) => {
      const progress: DownloadProgress[] = [];
      const { result, file } = await save(
        [whole(Buffer.from(body), [`Content-Encoding: ${encoding}`, 'ETag: "v1"'])],
        { onProgress: (event) => progress.push(event), progressIntervalMs: 0 },
      );
      expect(result).toMatchObject({ sizeBytes: S.length, integrity: "framing" });
      expect(file?.equals(S)).toBe(true);
      expect(new Set(progress.slice(0, -1).map(({ totalBytes }) => totalBytes))).toEqual(
        new Set([undefined]),
      );
    },
  );

  it.each<[string, (body: Buffer) => Buffer]>([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])(
    "76. a body of %s is no file wherever it is cut, though its framing is whole",
    async (encoding, encode) => {
      for (const body of [Buffer.alloc(0), Buffer.from("a"), S.subarray(0, 50)]) {
        const whole = encode(body);
        for (let end = 1; end < whole.length; end++) {
          const decoded = decodeBody(Readable.from([whole.subarray(0, end)]), encoding);
          const read = async () => {
            for await (const _ of decoded);
          };
          await expect(read(), `${body.length} bytes, cut at ${end}`).rejects.toThrow();
        }
      }
    },
  );

  it("76. does the same by fetch, which proves less", async () => {
    const { result, file } = await save([whole(GZIP, ["Content-Encoding: gzip"])], { fetch });
    expect(result).toMatchObject({ sizeBytes: S.length, integrity: "none" });
    expect(file?.equals(S)).toBe(true);
  });

  it("76. does not go on in the middle of an encoded body", async () => {
    const headers = ["Content-Encoding: gzip", 'ETag: "v1"'];
    const { result, ranges, file } = await save([whole(GZIP, headers, 100), whole(GZIP, headers)]);
    expect(ranges).toEqual(["", ""]);
    expect(result).toMatchObject({ attempts: 2 });
    expect(file?.equals(S)).toBe(true);
  });

  it("76. an unknown encoding is no file", async () => {
    expect((await save([whole(GZIP, ["Content-Encoding: compress"])])).result).toMatchObject({
      code: "UNSUPPORTED_ENCODING",
    });
    expect((await save([whole(GZIP, ["Content-Encoding: gzip, br"])])).result).toMatchObject({
      code: "UNSUPPORTED_ENCODING",
    });
    expect((await save([whole(S, ["Content-Encoding: identity"])])).result).toMatchObject({
      integrity: "length",
    });
    expect((await save([whole(S, ["Content-Encoding: aws-chunked"])])).result).toMatchObject({
      integrity: "length",
    });
  });

  it.each([1, 4, 9, 200])(
    "77. a gzip body that lacks its last %i bytes in whole framing is cut",
    async (bytes) => {
      const cut = GZIP.subarray(0, GZIP.length - bytes);
      const { result, names } = await save([whole(cut, ["Content-Encoding: gzip"])], {
        retry: { attempts: 2 },
      });
      expect(result).toMatchObject({ code: "INCOMPLETE", attempts: 2 });
      expect(names).toEqual([]);
      const byFetch = await save([whole(cut, ["Content-Encoding: gzip"])], {
        fetch,
        requireIntegrity: "framing",
        retry: { attempts: 1 },
      });
      expect(byFetch.result).toBeInstanceOf(Error);
      expect(byFetch.names).toEqual([]);
    },
  );

  it("78. refuses a wrong checksum and bytes behind the end, and takes two members", async () => {
    const wrong = Buffer.from(GZIP);
    wrong.writeUInt32LE(1, wrong.length - 8);
    const bodies = [
      wrong,
      Buffer.concat([GZIP, Buffer.from("junk")]),
      Buffer.concat([GZIP, Buffer.alloc(4)]),
      Buffer.concat([GZIP, Buffer.alloc(300_000)]),
    ];
    for (const body of bodies) {
      for (const reply of [
        whole(body, ["Content-Encoding: gzip"]),
        chunked([body.subarray(0, 9), body.subarray(9)], { headers: ["Content-Encoding: gzip"] }),
      ]) {
        const { result, names, ranges } = await save([reply]);
        expect(result).toMatchObject({ code: "DECODE_ERROR" });
        expect(names).toEqual([]);
        expect(ranges).toHaveLength(1);
      }
    }
    const behind = Buffer.concat([deflateSync(S), Buffer.from("junk")]);
    expect((await save([whole(behind, ["Content-Encoding: deflate"])])).result).toMatchObject({
      code: "DECODE_ERROR",
    });
    const two = await save([whole(Buffer.concat([GZIP, GZIP]), ["Content-Encoding: gzip"])]);
    expect(two.file?.equals(Buffer.concat([S, S]))).toBe(true);
  });

  it("78. ends when the connection breaks in an encoded body, not only when the reader comes", async () => {
    const { result, ranges } = await save([whole(GZIP, ["Content-Encoding: gzip"], 50, "rst")], {
      retry: { attempts: 3 },
    });
    expect(result).toMatchObject({ code: "INCOMPLETE", attempts: 3 });
    expect(ranges).toHaveLength(3);
  });
});

describe("digests", () => {
  it.each([
    digest("sha256").toString("hex"),
    digest("sha256").toString("base64"),
    digest("sha256").toString("hex").toUpperCase(),
  ])("81. proves the file by %s", async (sha256) => {
    expect((await save([whole(S)], { expected: { sha256 } })).result).toMatchObject({
      integrity: "digest",
      sha256: digest("sha256").toString("hex"),
    });
  });

  it("81. proves the file by its md5", async () => {
    expect(
      (await save([whole(S)], { expected: { md5: digest("md5").toString("base64") } })).result,
    ).toMatchObject({ integrity: "digest", sha256: undefined });
  });

  it("81. fetches a file with a wrong digest once more, from its beginning", async () => {
    const wrong = Buffer.from(S.map((byte) => byte ^ 1));
    const sha256 = digest("sha256").toString("hex");
    const { result, names, ranges } = await save([whole(wrong, ['ETag: "v1"'])], { expected: { sha256 } });
    expect(result).toMatchObject({
      code: "DIGEST_MISMATCH",
      expected: sha256,
      actual: digest("sha256", wrong).toString("hex"),
    });
    expect(names).toEqual([]);
    expect(ranges).toEqual(["", ""]);
    const mended = await save([whole(wrong), whole(S)], { expected: { sha256 } });
    expect(mended.result).toMatchObject({ integrity: "digest", restarted: 1 });
    expect(mended.file?.equals(S)).toBe(true);
  });

  it("82. computes the digest over all parts of a file", async () => {
    const { result } = await save(
      [whole(S, ['ETag: "v1"'], 70_000), part(S, 70_000, S.length, ['ETag: "v1"'])],
      { sha256: true },
    );
    expect(result).toMatchObject({
      resumed: 1,
      sha256: digest("sha256").toString("hex"),
      integrity: "length",
    });
  });

  it("83. proves the file by the digest that its server promises", async () => {
    const promise = `Repr-Digest: md5=:AAAA:, sha-256=:${digest("sha256").toString("base64")}:`;
    expect((await save([whole(S, [promise])])).result).toMatchObject({ integrity: "digest" });
    const broken = await save([
      whole(S, [`Repr-Digest: sha-256=:${digest("sha256", GZIP).toString("base64")}:`]),
    ]);
    expect(broken.result).toMatchObject({ code: "DIGEST_MISMATCH" });
    expect(broken.names).toEqual([]);
    const inParts = await save([
      whole(S, ['ETag: "v1"', promise], 70_000),
      part(S, 70_000, S.length, ['ETag: "v1"', promise]),
    ]);
    expect(inParts.result).toMatchObject({ integrity: "digest", resumed: 1 });
    const encoded = await save([
      whole(GZIP, [
        "Content-Encoding: gzip",
        `Repr-Digest: sha-256=:${digest("sha256", GZIP).toString("base64")}:`,
      ]),
    ]);
    expect(encoded.result).toMatchObject({ integrity: "framing" });
    const unreadable = await save([whole(S, ["Repr-Digest: sha-256=:no base64:"])]);
    expect(unreadable.result).toMatchObject({ integrity: "length" });
  });

  it("ends a stream whose digest is wrong with an error", async () => {
    const server = await rawServer(whole(S, ['ETag: "v1"']));
    const { body } = await download(server.url(), {
      expected: { sha256: "0".repeat(64) },
      clock: testClock(),
    });
    await expect(new Response(body).text()).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    expect(server.requests).toHaveLength(1);
    const encodedError = await rawServer(
      answer(
        ["404 Not Found", "Content-Encoding: gzip", `Content-Length: ${gzipSync("no such").length}`],
        gzipSync("no such"),
      ),
    );
    await expect(download(encodedError.url())).rejects.toThrow(/no such/);
  });
});
