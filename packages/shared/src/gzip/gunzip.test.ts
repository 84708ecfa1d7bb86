import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gunzip as byNode } from "../platform/node/gunzip.js";
import { gunzip as byWeb } from "../platform/web/gunzip.js";

const CSV = Buffer.from(Array.from({ length: 9000 }, (_, row) => `${row},${Math.sin(row)}\n`).join(""));
const GZIP = gzipSync(CSV);

describe.each([
  ["Node", byNode],
  ["browsers and Workers", byWeb],
])("gunzip on %s", (_name, gunzip) => {
  async function* inPieces(bytes: Buffer, size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  async function run(bytes: Buffer, size = 1000): Promise<Buffer> {
    const out: Uint8Array[] = [];
    for await (const chunk of gunzip(inPieces(bytes, size))) out.push(chunk);
    return Buffer.concat(out);
  }

  it.each([
    ["text", CSV],
    ["nothing", Buffer.alloc(0)],
    ["what cannot be packed", randomBytes(200_000)],
    ["zeros", Buffer.alloc(300_000)],
  ])("unpacks %s, at every level, by every strategy, in pieces of any size", async (_what, bytes) => {
    for (const level of [0, 1, 9])
      for (const strategy of [0, 2, 3, 4])
        for (const size of [3000, 1e6]) {
          const got = await run(gzipSync(bytes, { level, strategy }), size);
          expect(got.equals(bytes)).toBe(true);
        }
  });

  it.each([1, 9, 10_000])("all members in a row, and zeros behind them, in pieces of %i", async (size) => {
    const csv = CSV.subarray(0, 2000);
    const members = Buffer.concat([gzipSync(csv), gzipSync(""), gzipSync(csv), Buffer.alloc(300)]);
    expect((await run(members, size)).equals(Buffer.concat([csv, csv]))).toBe(true);
  });

  it("refuses what is cut, at any byte", async () => {
    const small = gzipSync("id,name\n1,a\n2,b\n");
    for (let length = 2; length < small.length; length++)
      await expect(run(small.subarray(0, length), 5)).rejects.toThrow("ends too early");
  });

  it.each([
    ["checksum", 8],
    ["length", 4],
  ])("refuses a wrong %s at the end", async (_what, fromEnd) => {
    const wrong = Buffer.from(GZIP);
    const at = wrong.length - fromEnd;
    wrong[at] = (wrong[at] ?? 0) ^ 1;
    await expect(run(wrong)).rejects.toMatchObject({ code: "DECODE_ERROR" });
  });

  it("refuses what is damaged, or goes on with something else", async () => {
    const broken = /no valid gzip|goes on after the end|ends too early/;
    for (let at = 10; at < GZIP.length; at += 9973) {
      const damaged = Buffer.from(GZIP);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      await expect(run(damaged).catch((error: Error) => error.message)).resolves.toMatch(
        /no valid gzip|ends too early/,
      );
    }
    const small = gzipSync("id,name\n");
    for (const size of [1, 5, 1000])
      for (const end of ["junk", "x", "\0\0x"])
        await expect(run(Buffer.concat([small, Buffer.from(end)]), size)).rejects.toThrow(broken);
  });
});
