import { openPath } from "#platform";
import type { SaveOptions } from "../file/options.js";
import type { SavedFile, SaveTarget } from "../file/result.js";
import type { DownloadSink, TransferInfo } from "../file/sink.js";
import { annotate } from "../transfer/state.js";
import type { Transfer } from "../transfer/transfer.js";
import { checkTarget } from "./check-target.js";
import { handleSink, streamSink } from "./stream-sink.js";

/** Saves a download; the bytes stand under the target's name when all of them are there and proved, or not at all. */
export async function saveTransfer(
  transfer: Transfer,
  to: SaveTarget,
  options: SaveOptions,
): Promise<SavedFile> {
  const { steps, state, patience } = transfer;
  const name = async () => {
    if (!state.head) await steps.next();
    return (state.head as NonNullable<typeof state.head>).filename; // the first step brings the head, or throws
  };
  transfer.prepare(options, true);
  try {
    await checkTarget(to, options);
    const sink = await openSink(to, options, { name, key: transfer.key });
    const path = await pump(transfer, sink);
    const { bytes, sha256, integrity, attempts, resumed, restarted, head, version } = state;
    return {
      path,
      sizeBytes: bytes,
      sha256,
      integrity,
      contentType: head?.contentType,
      etag: version?.etag,
      attempts,
      resumed,
      restarted,
      durationMs: patience.elapsedMs,
      redirectsVerified: transfer.redirectsVerified,
    };
  } finally {
    await steps.return();
  }
}

async function openSink(to: SaveTarget, options: SaveOptions, transfer: TransferInfo): Promise<DownloadSink> {
  if (typeof to === "string" || to instanceof URL) return openPath(to, options, transfer);
  await transfer.name(); // a refused reply leaves the target alone
  return "createWritable" in to ? handleSink(to) : streamSink(to);
}

/** Moves all bytes into the sink and makes them final; on any failure the sink is aborted, and so is the request. */
export async function pump(transfer: Transfer, sink: DownloadSink): Promise<string | undefined> {
  const { steps, state, patience } = transfer;
  const { race } = patience;
  const begin = async () => {
    if (!state.bytes && state.version) await sink.begin?.(state.version);
  };
  try {
    if (sink.held && !transfer.adopt(sink.held)) await sink.restart?.();
    transfer.prepare({}, sink.restart !== undefined);
    await begin();
    for await (const step of steps) {
      if (step === "restart") await sink.restart?.();
      if (typeof step === "string") await begin();
      else {
        for (const chunk of step) {
          const room = sink.write(chunk);
          if (room) await race(room);
        }
      }
    }
    const path = await sink.finish(patience);
    state.progress.at(state.bytes, state.bytes, "done");
    return path;
  } catch (error) {
    patience.abort(error);
    await sink.abort(error);
    throw annotate(error, state);
  }
}
