import type { FileHandleLike } from "../file/result.js";
import type { FileSink } from "../file/sink.js";

/** Writes bytes into a stream, in order and each once. The stream is closed at the end, or aborted if the download fails. */
export function streamSink(stream: WritableStream<Uint8Array>): FileSink {
  const writer = stream.getWriter();
  writer.closed.catch(() => {}); // write() rejects with the same error
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

/** Writes bytes into a browser's file, which gets its new content when all of it is written. */
export async function handleSink(handle: FileHandleLike): Promise<FileSink> {
  const file = await handle.createWritable();
  return {
    write: (chunk) => file.write(chunk.slice().buffer as ArrayBuffer), // a copy is never shared memory
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
