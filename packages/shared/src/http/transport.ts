import { decode } from "#platform";

/** A reply whose body has not been read. */
export interface RawReply {
  status: number;
  headers: Headers;
  /** Where it came from in the end. */
  url: URL;
  body: AsyncIterable<Uint8Array> | null;
  /** The body's next chunk where it has come already, for who takes many at once; its iterator gives the others. */
  more?: (() => Uint8Array | undefined) | undefined;
  /** How the end of the body is known on this transport. */
  framing: "length" | "chunked" | "close" | "unknown";
  /** Whether the transport has undone the content encoding itself, and so hidden how long the body was. */
  decoded?: boolean;
  /** Takes what the request's headers held of secrets out of a text. */
  redact?(text: string): string;
  /** Ends the reply and its connection; pending reads of the body reject. */
  destroy(reason?: unknown): void;
}

/** One request, one reply, as the bytes are: it never follows a redirect where it can see one. */
export type ByteTransport = (
  url: URL,
  init: {
    method?: string | undefined;
    headers: Record<string, string>;
    body?: string | undefined;
    signal?: AbortSignal | undefined;
  },
) => Promise<RawReply>;

/** The words by which a reply says that its body is as it is. `aws-chunked` is a leftover of an upload that stores hand back. */
const PLAIN = /^(identity|aws-chunked|none)?$/;

/** The content encoding that the body still has or had; `""` for none. */
export function contentEncoding(headers: Headers): string {
  const words = (headers.get("content-encoding") ?? "").toLowerCase().split(/[\s,]+/);
  return words.filter((word) => !PLAIN.test(word)).join(",");
}

/** The body without its content encoding. */
export function decodedBody({ body, decoded, headers }: RawReply): AsyncIterable<Uint8Array> {
  const encoding = contentEncoding(headers);
  return encoding && body && !decoded ? decode(body, encoding) : (body ?? empty());
}

/** Reads the first `maxBytes` of a reply as UTF-8 text and ends the reply, whether it has more or not. */
export async function readText(reply: RawReply, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let left = maxBytes;
  try {
    for await (const chunk of decodedBody(reply)) {
      text += decoder.decode(chunk.subarray(0, left), { stream: true });
      left -= chunk.length;
      if (left <= 0) break;
    }
    return text + decoder.decode();
  } finally {
    reply.destroy();
  }
}

async function* empty(): AsyncGenerator<Uint8Array> {}
