/** How a request's body is written on the wire. */
export type BodyFormat = "json" | "form";

/** How a body of this media type is written. Undefined for one that the client cannot write. */
export function bodyFormat({
  contentType,
  isJson,
}: {
  readonly contentType: string;
  readonly isJson: boolean;
}): BodyFormat | undefined {
  if (isJson) return "json";
  return mediaTypeOf(contentType) === "application/x-www-form-urlencoded" ? "form" : undefined;
}

/** A media type without its parameters, in lower case. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
