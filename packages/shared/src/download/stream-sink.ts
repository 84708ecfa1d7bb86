import type { FileHandleLike } from "../file/result.js";
import type { DownloadSink } from "../file/sink.js";

/** Bytes into a stream: in order, each once. Not closed but aborted where the download fails. */
export function streamSink(stream: WritableStream<Uint8Array>): DownloadSink {
  const writer = stream.getWriter();
  writer.closed.catch(() => {}); // write tells of it
  return {
    async write(chunk) {
      await writer.ready;
      // The next chunk need not wait until this one is written, only until there is room again.
      writer.write(chunk).catch(() => {});
      await writer.ready;
    },
    async finish({ race }) {
      await race(writer.close());
      return undefined;
    },
    async abort(reason) {
      writer.abort(reason).catch(() => {});
      writer.releaseLock();
    },
  };
}

/** Bytes into a browser's file, which takes its new content when all of it is written. */
export async function handleSink(handle: FileHandleLike): Promise<DownloadSink> {
  const file = await handle.createWritable();
  return {
    write: (chunk) => file.write(chunk.slice().buffer as ArrayBuffer), // a new one is not shared
    async restart() {
      await file.seek(0);
      await file.truncate(0);
    },
    async finish() {
      await file.close();
      return undefined;
    },
    abort: (reason) => file.abort(reason),
  };
}
