import { expect, test } from "vitest";
import { ANY_FILE, beginsWith, matchesType, mayBeFile, mediaType, signatureOf } from "./file-types.js";

const FILE = { "application/zip": "PK\x03\x04", "text/csv": "", "image/*": "" };

test.each([
  ["application/zip", true],
  ["text/csv", true],
  ["image/png", true],
  ["application/octet-stream", true],
  ["binary/octet-stream", true],
  [undefined, true],
  ["text/plain", false],
  ["text/html", false],
  ["application/json", false],
  ["application/xml", false],
  ["constructor", false],
])("1.8 a reply of the type %s may be a ZIP, a CSV or an image: %s", (type, may) => {
  expect(mayBeFile(FILE, type)).toBe(may);
});

test("1.8 where nothing is documented, all but a page may be the file", () => {
  expect(mayBeFile(ANY_FILE, "application/json")).toBe(true);
  expect(mayBeFile(ANY_FILE, "text/html")).toBe(false);
  expect(mayBeFile(ANY_FILE, "application/xhtml+xml")).toBe(false);
  expect(mayBeFile({ "text/html": "" }, "text/html")).toBe(true);
});

test("1.8 a file begins as its type is documented, and a ZIP like a ZIP", () => {
  expect(signatureOf(FILE, "application/zip")).toBe("PK\x03\x04");
  expect(signatureOf(ANY_FILE, "application/zip")).toBe("PK");
  expect([signatureOf(FILE, "text/csv"), signatureOf(FILE, "toString"), signatureOf(FILE)]).toEqual([
    "",
    "",
    "",
  ]);
  expect(beginsWith(Buffer.from("PK\x03\x04rest"), "PK\x03\x04")).toBe(true);
  expect(beginsWith([0x50, 0x4b], "PK\x03\x04")).toBe(false);
  expect(beginsWith(Buffer.from([0xff, 0xfe]), "\xff\xfe")).toBe(true);
  expect(beginsWith([], "")).toBe(true);
});

test("media types are compared without their parameters, in lower case", () => {
  expect(mediaType(new Headers({ "content-type": " Text/CSV ; charset=utf-8" }))).toBe("text/csv");
  expect(mediaType(new Headers())).toBeUndefined();
  expect(matchesType("text/csv", "text/*")).toBe(true);
  expect(matchesType("text/csv", "*/*")).toBe(true);
  expect(matchesType("text/csv", "application/*")).toBe(false);
});
