import { createHash } from "node:crypto";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { ByteSource } from "./byte-source.js";
import { csvFile } from "./csv.js";
import { jsonFile } from "./json.js";
import { pdfFile } from "./pdf.js";
import { xlsxFile } from "./xlsx.js";
import { zipFile } from "./zip.js";

const columns = ["email", "first_name", "sent", "click_rate", "created_at"].map((name) => ({
  title: name,
  name,
}));

function bytesOf(source: ByteSource): Uint8Array {
  return Buffer.concat([...source.chunks()]);
}

function hashOf(source: ByteSource): string {
  const hash = createHash("sha256");
  for (const chunk of source.chunks()) hash.update(chunk);
  return hash.digest("hex");
}

const makers: Record<string, (sizeBytes: number, seed: number) => ByteSource> = {
  csv: (sizeBytes, seed) => csvFile(columns, { sizeBytes, seed }),
  json: (sizeBytes, seed) => jsonFile(columns, { sizeBytes, seed }),
  xlsx: (sizeBytes, seed) => xlsxFile(columns, { sizeBytes, seed }),
  zip: (sizeBytes, seed) => zipFile([{ name: "a.csv", source: csvFile(columns, { sizeBytes, seed }) }]),
  pdf: (_, seed) => pdfFile(columns, { seed }),
};

describe.each(Object.entries(makers))("%s", (format, make) => {
  test.each([0, 1, 1000, 131_072, 400_000])(
    "of %i bytes is as long as it says, and about as long as asked",
    (size) => {
      const source = make(size, 1);
      const { length } = bytesOf(source);
      expect(length).toBe(source.sizeBytes);
      if (format !== "pdf" && size > 2000) expect(Math.abs(length - size)).toBeLessThan(600);
    },
  );

  test("is the same for the same seed, and another for another", () => {
    expect(hashOf(make(300_000, 1))).toBe(hashOf(make(300_000, 1)));
    expect(hashOf(make(300_000, 1))).not.toBe(hashOf(make(300_000, 2)));
  });
});

test("a CSV file has numbered rows, each of as many fields as there are headings", () => {
  const rows = strFromU8(bytesOf(csvFile(columns, { sizeBytes: 400_000, seed: 1 })))
    .trimEnd()
    .split("\n")
    .map((row) => row.split(","));
  expect(rows[0]).toEqual(columns.map(({ title }) => title));
  expect(rows.every((row) => row.length === columns.length)).toBe(true);
  const numbers = rows.slice(1).map(([email]) => Number(/(\d{10})@/.exec(email ?? "")?.[1]));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(rows.slice(1).every((row) => /^\d+$/.test(row[2] ?? "") && /^\d+\.\d{4}$/.test(row[3] ?? ""))).toBe(
    true,
  );
});

test("headings are quoted where they have to be, and may be of any script", () => {
  const odd = [
    { title: 'a "b"; ü', name: "email" },
    { title: "Größe", name: "sent" },
  ];
  const csv = strFromU8(bytesOf(csvFile(odd, { sizeBytes: 300, seed: 1, delimiter: ";" })));
  expect(csv.split("\n")[0]).toBe('"a ""b""; ü";Größe');
  const list = JSON.parse(strFromU8(bytesOf(jsonFile(odd, { sizeBytes: 300_000, seed: 1 }))));
  expect(list.at(-1)['a "b"; ü']).toContain(String(list.length).padStart(10, "0"));
});

test("a JSON file is one list of objects with texts and numbers", () => {
  const list = JSON.parse(strFromU8(bytesOf(jsonFile(columns, { sizeBytes: 300_000, seed: 1 }))));
  expect(list.length).toBeGreaterThan(1000);
  expect(list[0]).toEqual({
    email: expect.any(String),
    first_name: expect.any(String),
    sent: expect.any(Number),
    click_rate: expect.any(Number),
    created_at: expect.any(String),
  });
  expect(new Set(list.map((row: { email: string }) => row.email)).size).toBe(list.length);
});

test("a ZIP of several files opens, and its files differ", () => {
  const sources = [1, 2, 3].map((seed) => ({
    name: `part-${seed}.csv`,
    source: csvFile(columns, { sizeBytes: 1000, seed }),
  }));
  const files = unzipSync(bytesOf(zipFile(sources)));
  expect(Object.keys(files)).toEqual(["part-1.csv", "part-2.csv", "part-3.csv"]);
  expect(new Set(Object.values(files).map((file) => strFromU8(file))).size).toBe(3);
  expect(Object.values(files).map(({ length }) => length)).toEqual(
    sources.map(({ source }) => source.sizeBytes),
  );
});

test("a workbook has its parts, and a sheet of rows", () => {
  const parts = unzipSync(
    bytesOf(xlsxFile([{ title: "a<b&c", name: "email" }, ...columns], { sizeBytes: 20_000, seed: 1 })),
  );
  expect(Object.keys(parts)).toEqual([
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
  ]);
  const sheet = strFromU8(parts["xl/worksheets/sheet1.xml"] ?? new Uint8Array());
  const rows = sheet.match(/<row>.*?<\/row>/g) ?? [];
  expect(rows[0]).toContain("<t>a&lt;b&amp;c</t>");
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.every((row) => row.match(/<c[ >]/g)?.length === 6)).toBe(true);
  expect(sheet.endsWith("</sheetData></worksheet>")).toBe(true);
});

test("the parts of a PDF are where its table says", () => {
  const text = strFromU8(bytesOf(pdfFile([{ title: "a (b)", name: "email" }], { seed: 1 })), true);
  const start = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  expect(text.slice(start, start + 4)).toBe("xref");
  const places = [...text.slice(start).matchAll(/(\d{10}) 00000 n/g)].map(([, at]) => Number(at));
  expect(places.map((at, index) => text.slice(at, at + 7) === `${index + 1} 0 obj`)).toEqual(
    Array(5).fill(true),
  );
  const [, length] = /\/Length (\d+)/.exec(text) ?? [];
  const from = text.indexOf("stream\n") + 7;
  expect(text.slice(from + Number(length), from + Number(length) + 10)).toBe("\nendstream");
});

test.each(["csv", "zip", "xlsx"])(
  "200 MB of %s are made without being kept",
  (format) => {
    const source = makers[format]?.(200_000_000, 1);
    let [length, peak] = [0, 0];
    const before = process.memoryUsage().rss;
    for (const chunk of source?.chunks() ?? []) {
      length += chunk.length;
      if (length % 64 < 8) peak = Math.max(peak, process.memoryUsage().rss - before);
    }
    expect(length).toBe(source?.sizeBytes);
    expect(peak).toBeLessThan(100e6);
  },
  20_000,
);
