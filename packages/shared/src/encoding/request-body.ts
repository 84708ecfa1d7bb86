/** How the body of an operation's requests is written. */
export interface BodyEncoding {
  /** A type of JSON, or `application/x-www-form-urlencoded`. */
  readonly type: string;
  /** The fields of a form whose parts are written with brackets: `filter[from]`, `columns[0]`. */
  readonly deep?: readonly string[];
}

/** Writes a request's body as the operation wants it. */
export async function writeBody(body: unknown, { type, deep }: BodyEncoding): Promise<string> {
  if (!type.includes("urlencoded")) return JSON.stringify(body);
  return (await import("./form-body.js")).formBody(body, deep); // few vendors take forms
}
