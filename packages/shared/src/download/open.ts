import type { DownloadOptions, SaveOptions } from "../file/options.js";
import type { Download, SavedFile, SaveTarget } from "../file/result.js";
import type { FileSource } from "../transfer/source.js";
import { createTransfer, type Transfer, type TransferDeps } from "../transfer/transfer.js";
import { pump, saveTransfer } from "./save.js";

/** Requests a file and waits for its head. @throws {@link DownloadError}; the signal's reason; what the source throws */
export async function openDownload(
  source: FileSource,
  options: DownloadOptions,
  deps: TransferDeps,
): Promise<Download> {
  const transfer = createTransfer(source, options, deps);
  await transfer.steps.next();
  const { head, version } = transfer.state;
  let used = false;
  const use = (): Transfer => {
    if (used) throw new TypeError("download: its bytes are taken already; download it again");
    used = true;
    return transfer;
  };
  let body: ReadableStream<Uint8Array> | undefined;
  const parts = async (): Promise<BlobPart[]> => {
    const chunks: Uint8Array[] = [];
    const forget = async () => void chunks.splice(0);
    await pump(use(), {
      write: (chunk) => void chunks.push(chunk),
      restart: forget,
      abort: forget,
      finish: async () => undefined,
    });
    return chunks as Uint8Array<ArrayBuffer>[]; // nobody sends shared memory over the network
  };
  const blob = async () => new Blob(await parts(), head?.contentType ? { type: head.contentType } : {});
  const bytes = async () => new Uint8Array(await new Blob(await parts()).arrayBuffer());
  const text = async () => (await blob()).text();
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
    bytes,
    text,
    json: async () => JSON.parse(await text()),
    save: async (to, more = {}) => saveTransfer(use(), to, more),
  };
}

/** Requests a file and saves it. The target is checked before the first request. */
export async function saveDownload(
  source: FileSource,
  to: SaveTarget,
  options: SaveOptions,
  deps: TransferDeps,
): Promise<SavedFile> {
  return saveTransfer(createTransfer(source, options, deps), to, options);
}

function toStream({ steps, state, patience, prepare }: Transfer): ReadableStream<Uint8Array> {
  prepare({}, false);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await steps.next();
        if (!done) {
          for (const chunk of value as Uint8Array[]) controller.enqueue(chunk); // what is not rewindable gets no other step
          return;
        }
        state.progress.at(state.bytes, state.bytes, "done");
        controller.close();
      },
      async cancel(reason) {
        patience.abort(reason);
        await steps.return();
      },
    },
    { highWaterMark: 0 },
  );
}
