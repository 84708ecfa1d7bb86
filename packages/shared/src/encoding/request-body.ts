/** How the body of an operation's requests is written. */
export interface BodyEncoding {
  /** The media type that is sent. */
  readonly type: string;
  /** Writes the body; JSON is written without it. */
  write?(body: unknown): string;
}

/** Writes a request's body as the operation wants it. */
export function writeBody(body: unknown, { write = JSON.stringify }: BodyEncoding): string {
  return write(body);
}
