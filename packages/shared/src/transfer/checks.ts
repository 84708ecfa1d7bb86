import { DownloadError, type DownloadErrorCode } from "../errors/download-error.js";
import type { DownloadOptions, Integrity } from "../file/options.js";
import type { FileVersion } from "../file/version.js";
import { mediaType } from "../file-name/file-name.js";
import type { RawReply } from "../http/transport.js";

/** What is wrong with a reply's head, before a byte of the file is taken. */
export function checkHead(
  headers: Headers,
  { total }: FileVersion,
  { expectType, maxBytes, minBytes, expected }: DownloadOptions,
): [code: DownloadErrorCode, problem: string] | undefined {
  const type = mediaType(headers) ?? "no type";
  const types = typeof expectType === "string" ? [expectType] : expectType;
  if (types && !types.some((wanted) => fits(type, wanted.toLowerCase())))
    return ["UNEXPECTED_TYPE", `sent ${type}, not ${types.join(" or ")}`];
  if (total === undefined) return undefined;
  const size = `announced ${total} bytes`;
  if (total > (maxBytes ?? total)) return ["TOO_LARGE", `${size}, more than maxBytes, ${maxBytes}`];
  return sizeProblem(total, { minBytes, expected }, size);
}

function fits(type: string, wanted: string): boolean {
  return (
    type === wanted || (wanted.endsWith("/*") && type.startsWith(wanted.slice(0, -1))) || wanted === "*/*"
  );
}

function sizeProblem(
  size: number,
  { minBytes = 0, expected }: DownloadOptions,
  what: string,
): ["SIZE_MISMATCH", string] | undefined {
  const wanted = expected?.sizeBytes;
  if (wanted !== undefined && wanted !== size) return ["SIZE_MISMATCH", `${what}, not ${wanted}`];
  return size < minBytes ? ["SIZE_MISMATCH", `${what}, less than minBytes, ${minBytes}`] : undefined;
}

/** What of the body's beginning has to be seen before any of it is passed on. */
export function sniffer(
  headers: Headers,
  { sniff }: DownloadOptions,
): { bytes: number; refuses(head: Uint8Array): boolean } | undefined {
  if (typeof sniff === "function") return { bytes: 512, refuses: (head) => !sniff(head.subarray(0, 512)) };
  const begin = sniff ?? (mediaType(headers) === "application/zip" ? "PK" : "");
  return begin
    ? { bytes: begin.length, refuses: (head) => !latin1(head.subarray(0, begin.length)).startsWith(begin) }
    : undefined;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The same bytes, but the first chunk has at least so many, or all there are. */
export async function* gatherHead(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of body) {
    if (!head) yield chunk;
    else {
      head = concat(head, chunk);
      if (head.length < bytes) continue;
      yield head;
      head = undefined;
    }
  }
  if (head?.length) yield head;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const RANKS: readonly Integrity[] = ["none", "framing", "length", "digest"];

/** What was proved about a body that ended well. @throws {@link DownloadError} where it is less than demanded, or the size is wrong */
export function proofOf(
  bytes: number,
  { total, encoded }: FileVersion,
  { framing, decoded }: Pick<RawReply, "framing" | "decoded">,
  digested: boolean,
  options: DownloadOptions,
): Integrity {
  const wrong = sizeProblem(bytes, options, `download: the file has ${bytes} bytes`);
  if (wrong)
    throw new DownloadError(...wrong, {
      expected: options.expected?.sizeBytes ?? options.minBytes,
      actual: bytes,
    });
  const counted = bytes === (total ?? options.expected?.sizeBytes);
  const framed = framing === "chunked" || (encoded && !decoded); // a decoder of ours has seen the end
  const proof = digested ? "digest" : counted ? "length" : framed ? "framing" : "none";
  const { requireIntegrity = "none" } = options;
  if (RANKS.indexOf(proof) >= RANKS.indexOf(requireIntegrity)) return proof;
  throw new DownloadError(
    "INCOMPLETE_UNVERIFIABLE",
    `download: the proof for the file's ${bytes} bytes is "${proof}", but requireIntegrity asks for "${requireIntegrity}"`,
  );
}
