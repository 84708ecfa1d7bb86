import type { DownloadError } from "../errors/download-error.js";
import type { RestartReason } from "../file/options.js";
import type { PartialFile } from "../file/sink.js";
import { differs, versionOf } from "../file/version.js";
import type { RawReply } from "../http/transport.js";
import { receiveBody } from "./body-receiver.js";
import { checkHead, proveIntegrity } from "./checks.js";
import type { AcceptReply } from "./decision.js";
import type { Digests } from "./digests.js";
import { chooseEncoding, readHead } from "./head.js";
import { type Refusal, refuseReply } from "./refusal.js";
import { RetryableFailure } from "./retry.js";
import {
  checkChangeAllowed,
  discardBytes,
  downloadError,
  type TransferState,
  type TransferStep,
} from "./state.js";

/**
 * Receives from a good reply what is missing of the file. Its end is the end of the file; else it throws.
 * @param from the offset that was asked for; 0 for the whole file
 * @param partial the bytes of an earlier run, if the transfer goes on with them
 */
export async function* receiveReply(
  state: TransferState,
  reply: RawReply,
  decision: AcceptReply,
  from: number,
  partial: PartialFile | undefined,
): AsyncGenerator<TransferStep, void> {
  const isRest = decision.kind === "rest";
  const start = isRest ? from : 0;
  const isFirst = !state.head;
  const refusal = readHead(state, reply, isRest);
  if (refusal) await refuseReply(reply, refusal, 0, state.source.inspect?.(reply));
  if (isRest) {
    checkPromise(state, reply, partial);
    state.version = { ...(state.version ?? versionOf(reply)), total: decision.total };
    state.resumed++;
    state.progress.emit({ type: "resumed", bytes: state.bytes });
  } else if (adoptVersion(state, reply, from)) yield "restart";
  const checkSize = () => refuseIf(reply, checkHead(state));
  await checkSize();
  state.progress.report(state.bytes, state.version?.total);
  if (isFirst) {
    yield "open";
    // save may have been given more options
    if (!isRest) {
      await refuseIf(reply, chooseEncoding(state, reply));
      if (!state.bytes) state.version = versionOf(reply);
    }
    await checkSize();
    if (state.bytes !== start)
      throw new RetryableFailure(downloadError("INCOMPLETE", reply.url, "was begun in an earlier run"), {
        immediately: true,
      });
  }
  state.digests ??= await startDigests(state);
  const isProved = (await verifiesContent(reply)) && !state.bytes;
  if (decision.end !== start) yield* receiveBody(state, reply, start, decision.end);
  await finish(state, reply, isProved);
}

async function refuseIf(reply: RawReply, refusal: Refusal | undefined): Promise<void> {
  if (refusal) await refuseReply(reply, refusal);
}

/**
 * Looks whether a range promises a digest that is not being computed.
 * @throws {@link RetryableFailure}: what is held has to be read again, or fetched
 */
function checkPromise(state: TransferState, reply: RawReply, partial: PartialFile | undefined): void {
  const { digest } = versionOf(reply);
  const { version, bytes, rewindable } = state;
  if (!digest || !version || digest === version.digest) return;
  const isReadable = partial?.bytes === bytes;
  if (isReadable) {
    version.digest = digest;
    state.digests = undefined;
  } else if (!rewindable) return;
  throw new RetryableFailure(
    downloadError("RANGE_MISMATCH", reply.url, "promises a digest of the whole with a part only"),
    { immediately: true, ...(!isReadable && { restart: "rangeMismatch" }) },
  );
}

/** Makes the reply's version the one that is received; returns true if the bytes of the one before are void. */
function adoptVersion(state: TransferState, reply: RawReply, from: number): boolean {
  const found = versionOf(reply);
  const before = state.version;
  const reason = before && state.bytes ? restartReason(state, reply, from) : undefined;
  if (reason) discardBytes(state, reason);
  if (!state.bytes) state.digests = undefined; // those of an attempt before are another reply's
  state.version = found;
  state.restartReason = undefined;
  return reason !== undefined;
}

/** Why the bytes so far are void; `undefined` if the reply repeats them and a stream can skip them. */
function restartReason(state: TransferState, reply: RawReply, from: number): RestartReason | undefined {
  const found = versionOf(reply);
  const before = state.version;
  const changed = before !== undefined && differs(before, found);
  if (changed) checkChangeAllowed(state, reply.url, "changed");
  const isSameFile = before?.etag !== undefined && before.etag === found.etag && !found.encoded;
  if (isSameFile && !state.rewindable) return undefined;
  if (changed) return "changed";
  return state.restartReason ?? (from ? "rangeIgnored" : "notResumable");
}

/** Starts the digests before the next request, with the bytes of an earlier run, which are read only if a digest needs them. */
export async function resumeDigests(
  state: TransferState,
  earlier: PartialFile,
  signal: AbortSignal,
): Promise<void> {
  const digests = await startDigests(state);
  if (digests !== NO_DIGESTS) await earlier.readInto(digests, signal);
  state.digests = digests;
}

const NO_DIGESTS: Digests = { update() {}, check: async () => ({ matched: false }) };

/** Starts the digests that somebody demands or promises. Most downloads have none, and do not load what computes them. */
async function startDigests({ options, version }: TransferState): Promise<Digests> {
  const { expected = {}, sha256 } = options;
  if (!(version?.digest || sha256 || expected.sha256 || expected.md5)) return NO_DIGESTS;
  const { createDigests } = await import("./digests.js");
  return createDigests(options, version?.digest);
}

async function verifiesContent(reply: RawReply): Promise<boolean> {
  return reply.headers.has("content-digest") && (await import("./digests.js")).verifyContent(reply);
}

/** Checks the whole file at its end. */
async function finish(state: TransferState, reply: RawReply, isProved: boolean): Promise<void> {
  const { sha256, matched } = (await state.digests?.check().catch((error: unknown) => {
    throw new RetryableFailure(error as DownloadError, { immediately: true, restart: "digestMismatch" }); // check() throws nothing else
  })) ?? { matched: false };
  state.sha256 = sha256;
  const version = state.version ?? versionOf(reply);
  state.integrity = proveIntegrity(state.bytes, version, reply, matched || isProved, state.options);
}
