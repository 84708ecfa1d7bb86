/** A reply whose body has not been read. */
export interface RawReply {
  status: number;
  headers: Headers;
  /** The address that the reply came from, after redirects. */
  url: URL;
  body: AsyncIterable<Uint8Array> | null;
  /** Returns the body's next chunk if it has arrived already; the body's iterator yields the others. */
  nextBuffered?: (() => Uint8Array | undefined) | undefined;
  /** How the transport knows where the body ends. */
  framing: "length" | "chunked" | "close" | "unknown";
  /** True if the transport has undone the content encoding itself, and so hidden how long the body was. */
  decoded?: boolean;
  /** True if the body is to stay in its content encoding, because the file is what was sent. */
  kept?: boolean;
  /** True if it is not the file: what is read of it then has the time of one stall in all. */
  refused?: boolean;
  /** Removes the secrets of the request's headers from a text. */
  redact?(text: string): string;
  /** Ends the reply and its connection; pending reads of the body reject. */
  destroy(reason?: unknown): void;
}

/** What a transport sends. */
export interface TransportRequest {
  method?: string | undefined;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
  /** For a `fetch`; the other transports have no cache. */
  cache?: RequestCache;
  signal?: AbortSignal | undefined;
}

/** Sends one request and returns its reply with the bytes as they come. It follows no redirect that it can see. */
export type Transport = (url: URL, request: TransportRequest) => Promise<RawReply>;

/** What is known of the connection below a `fetch`, where the runtime tells. */
export interface ConnectionWatch {
  /** Set when the connection was reset. */
  readonly reset: Error | undefined;
  /** Called when the request is sent. */
  sent(): void;
  /** Called when the reply is over. */
  end(): void;
}

/** Words that say "not encoded". Stores send back `aws-chunked` from an upload. */
const NOT_ENCODED = /^(identity|aws-chunked|none)?$/;

/** The content encoding that the body has or had when it was sent; `""` for none, and for a body that is empty. */
export function contentEncoding(headers: Headers): string {
  if (headers.get("content-length") === "0") return "";
  const words = (headers.get("content-encoding") ?? "").toLowerCase().split(/[\s,]+/);
  return words.filter((word) => !NOT_ENCODED.test(word)).join(",");
}

/** The content encoding that is to be undone, or was undone already; `""` for none. */
export function undoneEncoding({ headers, kept }: Pick<RawReply, "headers" | "kept">): string {
  return kept ? "" : contentEncoding(headers);
}
