import type { DocsLink } from "@outhaul/spec";

/** True for a list of addresses with the days on which they were read, as `x-docs` and `x-openapi` are. */
export function isLinks(value: unknown): value is readonly DocsLink[] {
  return (
    Array.isArray(value) &&
    value.every(
      (link: unknown) => typeof link === "object" && link !== null && "url" in link && "read" in link,
    )
  );
}
