import { expect, test } from "vitest";
import { getValidate } from "./get-validate.js";
import type { NamedSchema } from "./validate.js";

const size = (type: string): NamedSchema => ({
  name: undefined,
  schema: { type: "object", properties: { size: { $ref: "#/components/schemas/Size" } } },
  coerceTypes: false,
  components: { schemas: { Size: { type } } },
});

test("a schema is compiled once for all sandboxes of a spec", async () => {
  const number = size("number");
  const first = await getValidate(number);
  expect(await getValidate({ ...number, schema: structuredClone(number.schema) })).toBe(first);
});

test("schemas that are written alike do not share what they refer to, nor how they take texts", async () => {
  const number = size("number");
  const [ofNumber, ofText, coercing] = await Promise.all([
    getValidate(number),
    getValidate(size("string")),
    getValidate({ ...number, coerceTypes: true }),
  ]);
  expect([ofNumber, ofText, coercing].map((validate) => validate({ size: "12" }))).toEqual([
    false,
    true,
    true,
  ]);
});

test("a schema that is none is refused, and says where", async () => {
  const wrong = { ...size("number"), schema: { properties: { size: { type: "nubmer" } } } };
  await expect(getValidate(wrong)).rejects.toThrow(
    /^schema is invalid: data\/allOf\/0\/properties\/size\/type /,
  );
});
