import type { ByteSource } from "../file/row-file.js";
import type { ReplyTemplate } from "../job/kind.js";

/** A reply before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ByteSource | undefined;
  /** Whether the body is an export's file. */
  readonly isFile: boolean;
}

/** A reply with the body of a template. */
export function templateReply({ status, mediaType, value }: ReplyTemplate): Reply {
  if (mediaType === undefined) return { status, headers: new Headers(), body: undefined, isFile: false };
  const isJson = /\bjson\b/.test(mediaType);
  return textReply(status, mediaType, isJson ? JSON.stringify(value) : String(value));
}

/** A reply with a text. */
export function textReply(status: number, mediaType: string, text: string): Reply {
  const bytes = new TextEncoder().encode(text);
  const headers = new Headers({ "content-type": mediaType, "content-length": String(bytes.length) });
  return { status, headers, body: { sizeBytes: bytes.length, chunks: () => [bytes] }, isFile: false };
}
