import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./json.js";

describe("JSON from outside", () => {
  it("is parsed as JSON.parse does, where no integer is too large", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/(^|[^\d.])\d{16,}($|[^\d.eE])/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("keeps every digit of an integer of any size", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (integer, text) => {
        const value = parseJson(`{"id":${integer},"text":${JSON.stringify(`${text}${integer}`)}}`);
        expect(value).toMatchObject({ text: `${text}${integer}` });
        expect(String((value as { id: unknown }).id)).toBe(
          String(Number.isSafeInteger(Number(integer)) ? Number(integer) : integer),
        );
      }),
    );
  });
});
