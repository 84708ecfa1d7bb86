import { describe, expect, it } from "vitest";
import { createJoiner, type JoinKind } from "./joiner.js";

/** Joins parts, each in chunks of so many bytes. */
function join(kind: JoinKind, parts: readonly (string | Uint8Array)[], chunkBytes: number): string {
  const joiner = createJoiner(kind);
  const written: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = Buffer.from(part as string, "latin1");
    for (let at = 0; at < bytes.length; at += chunkBytes)
      written.push(...joiner.push(bytes.subarray(at, at + chunkBytes)));
    written.push(...joiner.end());
  }
  return Buffer.concat(written).toString("latin1");
}

const BOM = "\xef\xbb\xbf";
const sizes = [1, 2, 3, 5, 1000];

describe("CSV", () => {
  it.each<[what: string, parts: string[], whole: string]>([
    ["one heading row stays", ["a,b\n1,2\n", "a,b\n3,4\n"], "a,b\n1,2\n3,4\n"],
    ["line ends of two characters", ["a,b\r\n1,2\r\n", "a,b\r\n3,4\r\n"], "a,b\r\n1,2\r\n3,4\r\n"],
    ["line ends of old Macs", ["a,b\r1,2\r", "a,b\r3,4\r"], "a,b\r1,2\r3,4\r"],
    ["a last row without an end, within", ["a,b\r\n1,2", "a,b\r\n3,4"], "a,b\r\n1,2\r\n3,4"],
    ["a byte order mark in each part", [`${BOM}a\n1\n`, `${BOM}a\n2\n`], `${BOM}a\n1\n2\n`],
    ["a byte order mark in the first part", [`${BOM}a\n1\n`, "a\n2\n"], `${BOM}a\n1\n2\n`],
    ["a byte order mark in a later part", ["a\n1\n", `${BOM}a\n2\n`], "a\n1\n2\n"],
    ["a line end in quotes in the heading", ['"a\nb",c\n1,2\n', '"a\nb",c\n3,4\n'], '"a\nb",c\n1,2\n3,4\n'],
    ["quotes in quotes in the heading", ['"a""\n",c\n1\n', '"a""\n",c\n2\n'], '"a""\n",c\n1\n2\n'],
    ["quoted line ends in rows", ['a\n"1\n\n"\n', 'a\n"a\n"\n'], 'a\n"1\n\n"\n"a\n"\n'],
    ["an empty part", ["a\n1\n", "", "a\n2\n"], "a\n1\n2\n"],
    ["an empty first part", ["", "a\n1\n", "a\n2\n"], "a\n1\n2\n"],
    ["a part with nothing but a byte order mark", ["a\n1\n", BOM, "a\n2\n"], "a\n1\n2\n"],
    ["a part with nothing but the heading", ["a\n1\n", "a\n", "a", "a\n2\n"], "a\n1\n2\n"],
    ["a heading without an end, first", ["a", "a\r\n1\r\n"], "a\r\n1\r\n"],
    ["headings alone", ["a\n", "a\n"], "a\n"],
    ["no rows at all", ["", ""], ""],
    ["a row that looks like the heading", ["a\na\n", "a\na\n"], "a\na\na\n"],
    ["heading rows that end differently", ["a\n1\n", "a\r\n2\r\n"], "a\n1\n2\r\n"],
    ["semicolons", ["a;b\n1;2\n", "a;b\n3;4\n"], "a;b\n1;2\n3;4\n"],
  ])("%s", (_what, parts, whole) => {
    for (const size of sizes) expect(join("csv", parts, size)).toBe(whole);
  });

  it.each<[what: string, parts: string[], says: string]>([
    [
      "another heading row",
      ["a,b\n1,2\n", "a,c\n3,4\n"],
      "the heading row of part 2 is not that of the parts before it",
    ],
    ["no heading row in a later part", ["a\n1\n", "2\n3\n"], "the heading row of part 2"],
    ["a longer heading row", ["a\n1\n", "", "a,b\n3,4\n"], "the heading row of part 3"],
    ["UTF-16", ["\xff\xfea\0\n\0", "\xff\xfea\0\n\0"], "the parts are UTF-16"],
    [
      "quotes that do not end",
      ["a\n1\n", `"${"x".repeat(1024 * 1024)}`],
      "part 2 has no heading row of less than",
    ],
  ])("is not joined with %s", (_what, parts, says) => {
    const joined = () => join("csv", parts, 1 << 21);
    expect(joined).toThrow(says);
    expect(joined).toThrow(
      expect.objectContaining({
        code: "UNEXPECTED_CONTENT",
        message: expect.stringContaining('parts: "apart"'),
      }),
    );
  });

  it("goes on after the parts that an earlier run joined", () => {
    const first = createJoiner("csv");
    first.push(Buffer.from("ä,b\r\n1,2"));
    first.end();
    const state = JSON.parse(JSON.stringify(first.state));
    const joiner = createJoiner("csv", state);
    const written = [...joiner.push(Buffer.from("ä,b\r\n3,4\r\n")), ...joiner.end()];
    expect(Buffer.concat(written).toString()).toBe("\r\n3,4\r\n");
  });
});

it.each<[what: string, kind: JoinKind, parts: string[], whole: string]>([
  ["lines of JSON", "lines", ['{"a":1}\n', '{"a":2}\n'], '{"a":1}\n{"a":2}\n'],
  ["lines without a last end", "lines", ['{"a":1}', "", '{"a":2}'], '{"a":1}\n{"a":2}'],
  ["lines after a byte order mark", "lines", [`${BOM}{}\n`, `${BOM}{}\n`], `${BOM}{}\n{}\n`],
  ["a short line", "lines", ["1", "2"], "1\n2"],
  ["a single part as it is", "one", [`${BOM}a\n1`], `${BOM}a\n1`],
])("%s", (_what, kind, parts, whole) => {
  for (const size of sizes) expect(join(kind, parts, size)).toBe(whole);
});
