/** Writes a parsed value as a text to compare, with the patterns of criteria. */
export function asText(value: unknown): string {
  return value === undefined
    ? ""
    : JSON.stringify(value, (_, inner) =>
        inner instanceof RegExp ? String(inner) : inner instanceof Map ? [...inner] : inner,
      );
}
