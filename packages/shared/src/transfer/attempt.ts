import type { DownloadError } from "../errors/download-error.js";
import type { RestartReason } from "../file/options.js";
import type { PartialFile } from "../file/sink.js";
import { differs, versionOf } from "../file/version.js";
import { fileNameOf, mediaType } from "../file-name/file-name.js";
import type { RawReply } from "../http/transport.js";
import { receiveBody } from "./body-receiver.js";
import { checkHead, proveIntegrity } from "./checks.js";
import type { AcceptReply } from "./decision.js";
import { createDigests } from "./digests.js";
import { refuseReply } from "./refusal.js";
import { RetryableFailure } from "./retry.js";
import type { FileSource } from "./source.js";
import {
  checkChangeAllowed,
  countBytes,
  discardBytes,
  downloadError,
  type TransferState,
  type TransferStep,
} from "./state.js";

/** What an attempt works on beside its reply. */
export interface AttemptContext {
  readonly source: FileSource;
  /** The offset that was asked for; 0 for the whole file. */
  readonly from: number;
  /** The bytes of an earlier run, if the transfer goes on with them. */
  readonly partial: () => PartialFile | undefined;
}

/** Receives from a good reply what is missing of the file. Its end is the end of the file; else it throws. */
export async function* receiveReply(
  state: TransferState,
  reply: RawReply,
  decision: AcceptReply,
  context: AttemptContext,
): AsyncGenerator<TransferStep, void> {
  const start = decision.kind === "whole" ? 0 : context.from;
  if (decision.kind === "whole") {
    if (adoptVersion(state, reply, context.from)) yield "restart";
  } else {
    state.version = { ...(state.version ?? versionOf(reply.headers)), total: decision.total };
    state.resumed++;
    state.progress.emit({ type: "resumed", bytes: state.bytes });
  }
  yield* openHead(state, reply, context.source, start);
  if (!state.digests) await startDigests(state, reply, context.partial);
  if (decision.end !== start) yield* receiveBody(state, reply, context.source, start, decision.end);
  await finish(state, reply);
}

/** Makes the reply's version the one that is received; returns true if the bytes of the one before are void. */
function adoptVersion(state: TransferState, reply: RawReply, from: number): boolean {
  const found = versionOf(reply.headers);
  const before = state.version;
  const reason = before && state.bytes ? restartReason(state, reply, from) : undefined;
  if (reason) discardBytes(state, reason);
  state.version = found;
  state.restartReason = undefined;
  return reason !== undefined;
}

/** Why the bytes so far are void; `undefined` if the reply repeats them and a stream can skip them. */
function restartReason(
  state: TransferState,
  { headers, url }: RawReply,
  from: number,
): RestartReason | undefined {
  const found = versionOf(headers);
  const before = state.version;
  const changed = before !== undefined && differs(before, found);
  if (changed) checkChangeAllowed(state, url, "changed");
  const isSameFile = before?.etag !== undefined && before.etag === found.etag && !found.encoded;
  if (isSameFile && !state.rewindable) return undefined;
  if (changed) return "changed";
  return state.restartReason ?? (from ? "rangeIgnored" : "notResumable");
}

/** Checks the head and, for the first good reply, lets the caller see it. */
async function* openHead(
  state: TransferState,
  reply: RawReply,
  source: FileSource,
  start: number,
): AsyncGenerator<TransferStep, void> {
  const { headers, url } = reply;
  const isFirst = !state.head;
  state.head = {
    filename: fileNameOf(reply, { ...source, ...state.options }),
    contentType: mediaType(headers),
  };
  const check = async () => {
    const problem = checkHead(headers, state.version ?? versionOf(headers), state.options);
    if (problem) await refuseReply(reply, problem);
  };
  await check();
  state.progress.report(state.bytes, state.version?.total);
  if (!isFirst) return;
  yield "open";
  await check(); // save may have been given more options
  if (state.bytes !== start)
    throw new RetryableFailure(downloadError("INCOMPLETE", url, "was begun in an earlier run"), {
      immediately: true,
    });
}

/** Starts the digests, with the bytes of an earlier run if there are any. */
async function startDigests(
  state: TransferState,
  { headers }: RawReply,
  partial: AttemptContext["partial"],
): Promise<void> {
  const promised = state.version?.encoded ? null : headers.get("repr-digest");
  state.digests = await createDigests(state.options, promised);
  const earlier = state.bytes ? partial() : undefined;
  if (!earlier) return;
  state.bytes = 0;
  for await (const chunk of earlier.read()) countBytes(state, chunk);
}

/** Checks the whole file at its end. */
async function finish(state: TransferState, reply: RawReply): Promise<void> {
  const { sha256, matched } = (await state.digests?.check().catch((error: unknown) => {
    throw new RetryableFailure(error as DownloadError, { immediately: true, restart: "digestMismatch" }); // check() throws nothing else
  })) ?? { matched: false };
  state.sha256 = sha256;
  const version = state.version ?? versionOf(reply.headers);
  state.integrity = proveIntegrity(state.bytes, version, reply, matched, state.options);
}
