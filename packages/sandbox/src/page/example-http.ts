import type { ReplyView } from "@outhaul/spec";
import { isObject } from "../spec/narrow.js";

const MAX_REPLY_BYTES = 1024 * 1024;
/** A request that hangs is given up after this time. */
const REQUEST_TIMEOUT_MS = 30_000;

/** What an example export needs of the world. */
export interface ExampleOptions {
  readonly signal: AbortSignal;
  /** Waits between two polls. */
  delay(signal: AbortSignal): Promise<void>;
  /** Tells how far it is. */
  onProgress(text: string): void;
}

/** An example export did not bring its file home. */
export class ExampleError extends Error {}

/** Sends a request. @throws {ExampleError} if no reply comes */
export async function sendRequest(
  url: string,
  init: RequestInit,
  what: string,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
  } catch (cause) {
    signal.throwIfAborted();
    const isLate = cause instanceof Error && cause.name === "TimeoutError";
    throw new ExampleError(isLate ? `${what} got no reply` : `the connection of ${what} broke`, { cause });
  }
}

/** A reply, read. What is no JSON is a text. */
export async function readView(response: Response): Promise<ReplyView> {
  const { status, headers } = response;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_REPLY_BYTES) throw new ExampleError("the reply is too long");
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ExampleError) throw cause;
    throw new ExampleError("the connection broke in the reply", { cause });
  }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return { status, headers, body: JSON.parse(text) };
  } catch {
    return { status, headers, body: text };
  }
}

/** The reply with the file at an address. Credentials are for the vendor only, unless the spec says that the file's host wants them. */
export async function fetchLink(
  link: unknown,
  { signal, onProgress }: ExampleOptions,
  init: RequestInit,
): Promise<Response> {
  const address = readAddress(link);
  onProgress("fetching the file");
  const response = await sendRequest(address, init, "the download", signal);
  if (!response.ok) throw new ExampleError(`the download was answered with ${response.status}`);
  return response;
}

/** The address of a file in a reply. @throws {ExampleError} if it is none */
export function readAddress(link: unknown): string {
  const address = isObject(link) ? "" : String(link ?? "").trim();
  if (!URL.canParse(address)) throw new ExampleError("the vendor answered no address of the file");
  return address;
}

/** What has come of a file, or of one of its parts. */
export interface Received {
  readonly bytes: number;
  readonly type: string;
}

/** Reads a file to its end, and keeps nothing. */
export async function receive(response: Response, { onProgress, signal }: ExampleOptions): Promise<Received> {
  let bytes = 0;
  let told = Date.now();
  onProgress("fetching the file");
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (Date.now() - told < 500) continue;
      told = Date.now();
      onProgress(`fetching the file: ${bytes.toLocaleString("en")} bytes`);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new ExampleError(`the connection broke after ${bytes.toLocaleString("en")} bytes of the file`, {
      cause,
    });
  }
  return { bytes, type: (response.headers.get("content-type") ?? "no type").split(";")[0] ?? "" };
}
