import { DownloadError } from "../errors/download-error.js";
import type { RestartReason } from "../file/options.js";
import type { HeldBytes } from "../file/sink.js";
import { differs, versionOf } from "../file/version.js";
import { fileNameOf, mediaType } from "../file-name/file-name.js";
import { contentEncoding, decodedBody, type RawReply } from "../http/transport.js";
import { checkHead, gatherHead, proofOf, sniffer } from "./checks.js";
import type { Verdict } from "./decision.js";
import { createDigests } from "./digests.js";
import { refuse } from "./refusal.js";
import { connectionFailure, Retry } from "./retry.js";
import type { FileSource } from "./source.js";
import { failure, forget, type Step, type TransferState, take } from "./state.js";

/** Takes from a good reply what is missing of the file. Its end is the end of the file; else it throws. */
export async function* takeReply(
  state: TransferState,
  reply: RawReply,
  verdict: Exclude<Verdict, { use: "error" | "again" }>,
  { from, source, held }: { from: number; source: FileSource; held: () => HeldBytes | undefined },
): AsyncGenerator<Step, void> {
  const { headers } = reply;
  if (verdict.use === "whole") {
    const found = versionOf(headers);
    const before = state.version;
    if (before && state.bytes) {
      const changed = differs(before, found);
      if (changed) refuseChange(state, reply.url, "changed");
      // A stream has the first bytes already: the same file's are skipped.
      const same = before.etag !== undefined && before.etag === found.etag && !found.encoded;
      if (state.rewindable || !same) {
        forget(state, changed ? "changed" : (state.whole ?? (from ? "rangeIgnored" : "notResumable")));
        state.version = found;
        yield "restart";
      }
    }
    state.version = found;
    state.whole = undefined;
  } else {
    state.version = { ...(state.version ?? versionOf(headers)), total: verdict.total };
    state.resumed++;
    state.progress.tell({ type: "resumed", bytes: state.bytes });
  }

  const start = verdict.use === "whole" ? 0 : from;
  const { version, progress } = state;
  const isNew = !state.head;
  state.head = {
    filename: fileNameOf(reply, { ...source, ...state.options }),
    contentType: mediaType(headers),
  };
  const check = async () => {
    const problem = checkHead(headers, version, state.options);
    if (problem) await refuse(reply, ...problem);
  };
  await check();
  progress.at(state.bytes, version.total);
  if (isNew) {
    yield "open";
    await check(); // save may have been given more options
    if (state.bytes !== start)
      throw new Retry(failure("INCOMPLETE", reply.url, "was begun in an earlier run"), { now: true });
  }
  if (!state.digests) {
    state.digests = await createDigests(state.options, version.encoded ? null : headers.get("repr-digest"));
    const earlier = state.bytes ? held() : undefined;
    if (earlier) {
      state.bytes = 0;
      for await (const chunk of earlier.read()) take(state, chunk);
    }
  }
  if (verdict.end !== start) yield* takeBody(state, reply, source, start, verdict.end);

  const digests = await state.digests.check().catch((error: unknown) => {
    throw new Retry(error as DownloadError, { now: true, whole: "digestMismatch" }); // it throws nothing else
  });
  state.sha256 = digests.sha256;
  state.integrity = proofOf(state.bytes, state.version, reply, digests.proved, state.options);
}

const NOTHING = new Uint8Array();

/** The body's bytes from `from` on; `end` is where a range ends. */
async function* takeBody(
  state: TransferState,
  reply: RawReply,
  source: FileSource,
  from: number,
  end: number | undefined,
): AsyncGenerator<Uint8Array[], void> {
  const { url, headers } = reply;
  const { progress, options } = state;
  const { maxBytes = Infinity, expected } = options;
  const limit = Math.min(maxBytes, expected?.sizeBytes ?? Infinity);
  const again = (problem: string, whole: RestartReason) =>
    new Retry(failure("RANGE_MISMATCH", url, problem), { now: true, whole });
  const sniff = state.bytes ? undefined : sniffer(headers, options);
  const inspection = state.bytes ? undefined : source.inspect?.(reply);
  const more = contentEncoding(headers) === "" ? reply.more : undefined;
  let position = from;

  /** What of a chunk is new. */
  const accept = (chunk: Uint8Array): Uint8Array => {
    const start = position;
    position += chunk.length;
    if (end !== undefined && position > end) throw again("sent more than the range", "rangeMismatch");
    if (start < state.bytes) {
      const known = chunk.subarray(0, state.bytes - start);
      if (!agrees(state, known, start)) {
        refuseChange(state, url, "sent other bytes than before");
        throw again("sent other bytes than before", "changed");
      }
      return known.length < chunk.length ? acceptNew(chunk.subarray(known.length)) : NOTHING;
    }
    return acceptNew(chunk);
  };
  const acceptNew = (chunk: Uint8Array): Uint8Array => {
    const refusal = state.bytes ? undefined : inspection?.refuses(chunk);
    if (refusal) throw refusal;
    if (!state.bytes && sniff?.refuses(chunk)) {
      const body = new TextDecoder().decode(chunk.subarray(0, 8192));
      throw failure("UNEXPECTED_CONTENT", url, "sent a body that does not begin as the file should", {
        body,
      });
    }
    if (state.bytes + chunk.length > limit) {
      throw failure(limit === maxBytes ? "TOO_LARGE" : "SIZE_MISMATCH", url, `sent more than ${limit} bytes`);
    }
    // More than was announced comes only from a transport that decodes and hides it.
    if (end === undefined && position > (state.version?.total ?? position)) {
      state.version = { encoded: true, noRanges: true };
    }
    take(state, chunk);
    return chunk;
  };

  for await (const first of bodyOf(reply, Math.max(sniff?.bytes ?? 0, inspection?.bytes ?? 0))) {
    const batch: Uint8Array[] = [];
    let failed: { error: unknown } | undefined;
    try {
      for (let chunk: Uint8Array | undefined = first; chunk; chunk = more?.()) {
        const taken = accept(chunk);
        if (taken.length) batch.push(taken);
      }
    } catch (error) {
      failed = { error };
    }
    // What is counted is passed on, whatever comes after it.
    if (batch.length) {
      progress.at(state.bytes, state.version?.total);
      yield batch;
    }
    if (failed) throw failed.error;
  }
  if (state.bytes < (state.version?.total ?? 0)) {
    if (position !== end) throw connectionFailure(url, undefined, "broke off");
    throw new Retry(failure("INCOMPLETE", url, "sent a part of the range"), { now: true });
  }
}

/** The decoded body; what it throws says whether another attempt may help. */
async function* bodyOf(reply: RawReply, headBytes: number): AsyncGenerator<Uint8Array, void> {
  const body = decodedBody(reply);
  try {
    yield* headBytes ? gatherHead(body, headBytes) : body;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw connectionFailure(reply.url, error, "broke off");
    throw error.code === "TIMEOUT" ? new Retry(error) : error;
  }
}

/** Whether bytes that come a second time are the same, as far as they are remembered. */
function agrees({ tail, bytes }: TransferState, again: Uint8Array, start: number): boolean {
  const offset = start - (bytes - tail.length);
  return offset < 0 || again.every((byte, index) => byte === tail[offset + index]);
}

/** @throws {@link DownloadError} `SOURCE_CHANGED` where the caller wants one version or none */
export function refuseChange({ options }: TransferState, url: URL, problem: string): void {
  if (options.onChange === "error") throw failure("SOURCE_CHANGED", url, problem);
}
