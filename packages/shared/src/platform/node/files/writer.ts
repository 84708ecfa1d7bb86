import type { FileHandle } from "node:fs/promises";

/** How much is gathered before it is written. */
const BATCH_BYTES = 1 << 20;
/** Above so many chunks in a batch, copying them together is cheaper than handing them over one by one. */
const MAX_CHUNKS = 256;

/** Writes chunks to a file in batches of about 1 MiB, one of them under way at a time. */
export interface FileWriter {
  /** Takes a chunk; a promise where the file cannot keep up. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Waits until all is written. */
  flush(): Promise<void>;
  /** Forgets what is not written, and waits for what is under way. */
  drop(): Promise<void>;
}

export function createFileWriter(file: Pick<FileHandle, "writev">, start: number): FileWriter {
  let batch: Uint8Array[] = [];
  let size = 0;
  let position = start;
  let writing: Promise<void> | undefined;

  async function writeAll(chunks: Uint8Array[]): Promise<void> {
    let rest = chunks.length > MAX_CHUNKS ? [Buffer.concat(chunks)] : chunks;
    while (rest.length) {
      // It may write less than it was given, for example on a full disk; the next call then says why.
      const { bytesWritten } = await file.writev(rest, position);
      position += bytesWritten;
      rest = after(rest, bytesWritten);
    }
  }

  async function flush(): Promise<void> {
    await writing;
    const chunks = batch;
    batch = [];
    size = 0;
    await writeAll(chunks);
  }

  return {
    write(chunk) {
      batch.push(chunk);
      size += chunk.length;
      if (batch.length >= 4096) batch = [Buffer.concat(batch)];
      if (size < BATCH_BYTES) return undefined;
      const before = writing;
      const chunks = batch;
      batch = [];
      size = 0;
      writing = (before ?? Promise.resolve()).then(() => writeAll(chunks));
      writing.catch(() => {}); // the next call rejects with it
      return before;
    },
    flush,
    async drop() {
      batch = [];
      size = 0;
      await writing?.catch(() => {});
      writing = undefined;
    },
  };
}

/** What is left of the chunks after so many bytes. */
function after(chunks: Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  let index = 0;
  for (const chunk of chunks) {
    if (chunk.length > left) break;
    left -= chunk.length;
    index++;
  }
  const rest = chunks.slice(index);
  if (left && rest[0]) rest[0] = rest[0].subarray(left);
  return rest;
}
