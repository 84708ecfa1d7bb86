/** Only these keys. An unknown one is a mistake, or a word that nothing here reads. */
export function only(properties: Readonly<Record<string, unknown>>): {
  properties: Readonly<Record<string, unknown>>;
  additionalProperties: false;
} {
  return { properties, additionalProperties: false };
}

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

/** A media type without parameters, in lower case. */
export function mediaTypeText(): object {
  return { type: "string", pattern: "^[a-z]+/[a-z0-9][a-z0-9.+-]*$" };
}
