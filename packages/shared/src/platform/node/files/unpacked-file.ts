import type { FileHandle } from "node:fs/promises";
import { fileError } from "./error.js";
import type { TemporaryFile } from "./temporary-file.js";
import { createFileWriter } from "./writer.js";

/** All bytes of a file that stays open. */
export function readAll(file: FileHandle): AsyncIterable<Uint8Array> {
  return file.createReadStream({ start: 0, autoClose: false });
}

/** Writes what comes out of a partial file to a temporary one of its own: the partial file stays as it was sent until the other has its final name. */
export async function createUnpackedFile(
  bytes: AsyncIterable<Uint8Array>,
  create: () => Promise<TemporaryFile>,
): Promise<TemporaryFile> {
  const unpacked = await create();
  const writer = createFileWriter(unpacked.file, 0);
  const written = (work: Promise<void> | undefined) =>
    work?.catch((error: unknown) => {
      throw fileError("write", unpacked.path, error);
    });
  try {
    for await (const chunk of bytes) await written(writer.write(chunk));
    await written(writer.flush());
    return unpacked;
  } catch (error) {
    await writer.drop();
    await unpacked.file.close().catch(() => {});
    await unpacked.abandon(error);
    throw error;
  }
}
