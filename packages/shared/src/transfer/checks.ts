import { concat } from "../body/concat.js";
import { DownloadError } from "../errors/download-error.js";
import {
  ANY_FILE,
  beginsWith,
  type FileTypes,
  isGzip,
  isTextOnly,
  matchesType,
  mediaType,
  signatureOf,
} from "../file/file-types.js";
import type { DownloadOptions, Integrity } from "../file/options.js";
import type { FileVersion } from "../file/version.js";
import type { RawReply } from "../http/transport.js";
import type { Refusal } from "./refusal.js";
import type { TransferState } from "./state.js";

/** Checks a reply's head before a byte of the file is accepted; returns what is wrong with it. */
export function checkHead({ head, version, options }: TransferState): Refusal | undefined {
  const { expectType, maxBytes, minBytes, expected } = options;
  const total = version?.total;
  const type = head?.contentType ?? "no type";
  const types = typeof expectType === "string" ? [expectType] : expectType;
  if (types && !types.some((wanted) => matchesType(type, wanted.toLowerCase())))
    return { code: "UNEXPECTED_TYPE", problem: `sent ${type}, not ${types.join(" or ")}` };
  if (total === undefined) return undefined;
  const size = `announced ${total} bytes`;
  if (total > (maxBytes ?? total))
    return { code: "TOO_LARGE", problem: `${size}, more than maxBytes, ${maxBytes}` };
  const problem = sizeProblem(total, { minBytes, expected }, size);
  return problem === undefined ? undefined : { code: "SIZE_MISMATCH", problem };
}

function sizeProblem(
  size: number,
  { minBytes = 0, expected }: DownloadOptions,
  what: string,
): string | undefined {
  const wanted = expected?.sizeBytes;
  if (wanted !== undefined && wanted !== size) return `${what}, not ${wanted}`;
  return size < minBytes ? `${what}, less than minBytes, ${minBytes}` : undefined;
}

/** How a file has to begin. */
export interface HeadCheck {
  /** How many bytes the check needs. */
  readonly bytes: number;
  accepts(head: Uint8Array): boolean;
}

/** The check of the body's first bytes, before any of them is passed on. */
export function headCheck(
  { headers, kept }: RawReply,
  { sniff }: DownloadOptions,
  file: FileTypes = ANY_FILE,
): HeadCheck {
  if (typeof sniff === "function") return { bytes: 512, accepts: (head) => sniff(head.subarray(0, 512)) };
  const prefix = sniff ?? (kept ? "" : signatureOf(file, mediaType(headers)));
  return {
    bytes: prefix.length,
    accepts: (head) => (prefix || kept ? beginsWith(head, prefix) : !(isGzip(head) && isTextOnly(file))),
  };
}

/** Yields the same bytes, but the first chunk has at least so many, or all there are. */
export async function* bufferHead(
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

/** From the weakest proof to the strongest. */
const RANKS: readonly Integrity[] = ["none", "framing", "length", "digest"];

/** Says what was proved about a body that ended well. @throws {@link DownloadError} if less than demanded was proved, or the size is wrong */
export function proveIntegrity(
  bytes: number,
  { total, encoded }: FileVersion,
  { framing, decoded }: Pick<RawReply, "framing" | "decoded">,
  digestMatched: boolean,
  options: DownloadOptions,
): Integrity {
  const problem = sizeProblem(bytes, options, `download: the file has ${bytes} bytes`);
  if (problem !== undefined)
    throw new DownloadError("SIZE_MISMATCH", problem, {
      expected: options.expected?.sizeBytes ?? options.minBytes,
      actual: bytes,
    });
  const proved = strongestProof();
  const { requireIntegrity = "none" } = options;
  if (RANKS.indexOf(proved) >= RANKS.indexOf(requireIntegrity)) return proved;
  throw new DownloadError(
    "INCOMPLETE_UNVERIFIABLE",
    `download: the proof for the file's ${bytes} bytes is "${proved}", but requireIntegrity asks for "${requireIntegrity}"`,
  );

  function strongestProof(): Integrity {
    if (digestMatched) return "digest";
    if (bytes === (total ?? options.expected?.sizeBytes)) return "length";
    const decodedByUs = encoded && !decoded; // our decoder has seen the end
    return framing === "chunked" || decodedByUs ? "framing" : "none";
  }
}
