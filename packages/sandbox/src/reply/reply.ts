import type { ByteSource } from "../file/byte-source.js";
import type { ReplyTemplate } from "../job/reply-template.js";

/** A reply that is not sent yet. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ByteSource | undefined;
  /** True if the body is the file of an export. */
  readonly isFile: boolean;
}

/** Creates a reply with the body of a template. */
export function templateReply({ status, mediaType, value }: ReplyTemplate): Reply {
  if (mediaType === undefined) return emptyReply(status);
  const isJson = /\bjson\b/.test(mediaType);
  return textReply(status, mediaType, isJson ? JSON.stringify(value) : String(value));
}

/** Creates a reply with a text. */
export function textReply(status: number, mediaType: string, text: string): Reply {
  const bytes = new TextEncoder().encode(text);
  const headers = new Headers({ "content-type": mediaType, "content-length": String(bytes.length) });
  return { status, headers, body: { sizeBytes: bytes.length, chunks: () => [bytes] }, isFile: false };
}

/** Creates a reply without a body. */
export function emptyReply(status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers: new Headers(headers), body: undefined, isFile: false };
}
