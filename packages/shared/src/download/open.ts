import type { DownloadOptions, SaveOptions } from "../file/options.js";
import type { Download, SavedFile, SaveTarget } from "../file/result.js";
import { checkOptions } from "../options/check-options.js";
import type { FileSource } from "../transfer/source.js";
import { createTransfer, type Transfer, type TransferDependencies } from "../transfer/transfer.js";

import { SAVE_OPTIONS } from "./option-tables.js";
import { pump, saveTransfer } from "./save.js";

export { DOWNLOAD_OPTIONS, SAVE_OPTIONS } from "./option-tables.js";
export { checkSaveTarget, fileStoreFor } from "./target.js";

/** Requests a file and waits for its head. @throws {@link DownloadError}; the signal's reason; what the source throws */
export async function openDownload(
  source: FileSource,
  options: DownloadOptions,
  dependencies: TransferDependencies,
): Promise<Download> {
  const transfer = createTransfer(source, options, dependencies);
  await transfer.steps.next();
  return toDownload(transfer);
}

/** Requests a file and saves it. The target is checked before the first request. */
export async function saveDownload(
  source: FileSource,
  to: SaveTarget,
  options: SaveOptions,
  dependencies: TransferDependencies,
): Promise<SavedFile> {
  return saveTransfer(createTransfer(source, options, dependencies), to, options);
}

function toDownload(transfer: Transfer): Download {
  const { head, version } = transfer.state;
  let used = false;
  const use = (): Transfer => {
    if (used) throw new TypeError("download: its bytes are taken; download again");
    used = true;
    return transfer;
  };
  let body: ReadableStream<Uint8Array> | undefined;
  const text = async () => (await blob()).text();
  const blob = async () =>
    new Blob(await readAll(use()), head?.contentType ? { type: head.contentType } : {});
  return {
    filename: head?.filename ?? "",
    contentType: head?.contentType,
    sizeBytes: version?.total,
    etag: version?.etag,
    get body() {
      body ??= toStream(use());
      return body;
    },
    blob,
    text,
    bytes: async () => new Uint8Array(await (await blob()).arrayBuffer()),
    json: async () => JSON.parse(await text()),
    async save(to, more = {}) {
      checkOptions("save", more, SAVE_OPTIONS);
      return saveTransfer(use(), to, more);
    },
  };
}

/** Reads the whole file into memory. */
async function readAll(transfer: Transfer): Promise<BlobPart[]> {
  const chunks: Uint8Array[] = [];
  const clear = async () => void chunks.splice(0);
  await pump(transfer, {
    write: (chunk) => void chunks.push(chunk),
    restart: clear,
    abort: clear,
    finish: async () => undefined,
  });
  return chunks as Uint8Array<ArrayBuffer>[]; // nobody sends shared memory over the network
}

function toStream({ steps, state, timeouts, configure }: Transfer): ReadableStream<Uint8Array> {
  configure({}, false);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await steps.next();
        if (!done) {
          for (const chunk of value as Uint8Array[]) controller.enqueue(chunk); // what is not rewindable yields no other step
          return;
        }
        state.progress.report(state.bytes, state.bytes, "done");
        controller.close();
      },
      async cancel(reason) {
        timeouts.abort(reason);
        await steps.return();
      },
    },
    { highWaterMark: 0 },
  );
}
