import type { SaveOptions } from "../file/options.js";
import type { SavedFile, SaveTarget } from "../file/result.js";
import type { FileInfo, FileSink } from "../file/sink.js";
import { annotate, type FileHead } from "../transfer/state.js";
import type { Transfer } from "../transfer/transfer.js";
import { fileStoreFor, findTargetName } from "./target.js";

/** Saves a download; the bytes stand under the target's name when all of them are there and proved, or not at all. */
export async function saveTransfer(
  transfer: Transfer,
  to: SaveTarget,
  options: SaveOptions,
): Promise<SavedFile> {
  if (transfer.save) return transfer.save(to, options, saveTransfer);
  const { steps, state, timeouts } = transfer;
  const name = async () => {
    if (!state.head) await steps.next();
    return (state.head as FileHead).filename; // the first step brings the head, or throws
  };
  transfer.configure(options, true);
  try {
    transfer.configure({}, true, await findTargetName(to, options));
    const sink = await openSink(to, options, { name, sourceKey: transfer.sourceKey });
    const path = await pump(transfer, sink);
    return {
      path,
      sizeBytes: state.bytes,
      sha256: state.sha256,
      integrity: state.integrity,
      contentType: state.head?.contentType,
      etag: state.version?.etag,
      attempts: state.attempts,
      resumed: state.resumed,
      restarted: state.restarted,
      durationMs: timeouts.elapsedMs,
      redirectsVerified: state.redirectsVerified,
    };
  } finally {
    await steps.return();
  }
}

async function openSink(to: SaveTarget, options: SaveOptions, info: FileInfo): Promise<FileSink> {
  if (typeof to === "string" || to instanceof URL) return fileStoreFor(to).openPath(to, options, info);
  await info.name(); // a refused reply leaves the target alone
  const { handleSink, streamSink } = await import("./stream-sink.js"); // most downloads go to a path
  return "createWritable" in to ? handleSink(to) : streamSink(to);
}

/** Moves all bytes into the sink and makes them final; on any failure the sink is aborted, and so is the request. */
export async function pump(transfer: Transfer, sink: FileSink): Promise<string | undefined> {
  const { steps, state, timeouts } = transfer;
  const begin = async () => {
    if (!state.bytes && state.version) await sink.begin?.(state.version);
  };
  try {
    if (sink.partial && !transfer.adopt(sink.partial)) await sink.restart?.();
    transfer.configure({}, sink.restart !== undefined);
    await begin();
    for await (const step of steps) {
      if (step === "restart") await sink.restart?.();
      if (typeof step === "string") {
        await begin();
        continue;
      }
      for (const chunk of step) {
        const drained = sink.write(chunk);
        if (drained) await timeouts.race(drained);
      }
    }
    const path = await sink.finish(timeouts);
    state.progress.report(state.bytes, state.bytes, "done");
    return path;
  } catch (error) {
    timeouts.abort(error);
    await sink.abort(error);
    throw annotate(error, state);
  }
}
