/** Only the named keys, and extensions. */
export const closed = { additionalProperties: false, patternProperties: { "^x-": true } };

/** A text that is not empty. */
export function text(): object {
  return { type: "string", minLength: 1 };
}

/** The pages of a vendor, as `x-docs` lists them. */
export function docs(): object {
  return {
    type: "array",
    minItems: 1,
    items: {
      type: "object",
      required: ["url", "read"],
      properties: {
        url: { type: "string", pattern: "^https?://" },
        read: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d$" },
      },
      additionalProperties: false,
    },
  };
}
