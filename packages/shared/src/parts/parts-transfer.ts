import type { DownloadOptions, SaveOptions } from "../file/options.js";
import type { SavedFile, SaveTarget } from "../file/result.js";
import type { FileSource } from "../transfer/source.js";
import type { FileHead, TransferState, TransferStep } from "../transfer/state.js";
import type { SaveOne, Transfer } from "../transfer/transfer.js";
import { createJoiner, type Joiner } from "./joiner.js";
import { type OpenPart, openPart } from "./open-part.js";
import { createPartRow, type FileInParts, type Part } from "./part-row.js";
import { createPartsRun } from "./parts-run.js";
import { savePartsToPath } from "./save-parts.js";

/** A transfer of all parts, joined as they come; saved to a path, each part is saved by itself. */
export function partsTransfer(
  whole: Transfer,
  create: (source: FileSource, options: DownloadOptions) => Transfer,
  file: FileInParts,
): Transfer {
  const row = createPartRow(file, whole.timeouts.signal);
  const run = createPartsRun(whole, row, (part, options) =>
    openPart(part, file.definition, (source) => create(source, options)),
  );
  let bytes = 0;
  let proof: Pick<SavedFile, "sha256" | "integrity"> = { integrity: "none" };
  let hasBegun = false;
  let only: Transfer["state"] | undefined;

  async function* steps(): AsyncGenerator<TransferStep, void> {
    try {
      hasBegun = true;
      let opened = await run.first();
      only = opened.transfer.state;
      const kind = run.joinKind(opened.transfer.state.head as FileHead); // the first part is open
      yield "open";
      let joiner = createJoiner(kind);
      let digests = await run.startDigests();
      for (;;) {
        const { transfer, part } = opened;
        // What is joined to bytes that were passed on cannot be taken back.
        const isFirst = part.index === 0;
        transfer.configure(isFirst ? run.optionsOf(part) : {}, isFirst && whole.state.rewindable);
        for (;;) {
          const { done, value } = await transfer.steps.next();
          if (value === "restart") {
            joiner = createJoiner(kind);
            digests = await run.startDigests();
            bytes = 0;
            yield "restart";
          }
          if (typeof value === "string") continue;
          const joined = done ? joiner.end() : pushAll(joiner, value as Uint8Array[]);
          for (const chunk of joined) {
            bytes += chunk.length;
            digests?.update(chunk);
          }
          if (joined.length > 0) yield joined;
          if (done) break;
        }
        const { bytes: sizeBytes, sha256, integrity } = transfer.state;
        run.add({ sizeBytes, sha256, integrity }, opened);
        const next = await row.at(part.index + 1, opened.next());
        if (!next) break;
        opened = await openLater(next);
      }
      proof = await run.check(bytes, digests);
    } finally {
      whole.timeouts.dispose();
    }
  }

  /** A part that follows another one is opened with a fresh address if its own has expired. */
  async function openLater(part: Part): Promise<OpenPart> {
    return run.fetch(run.open(part), {}, async (opened) => {
      await opened.transfer.steps.next();
      return opened;
    });
  }

  const { totals } = run;
  const state: TransferState = Object.create(whole.state, {
    head: { get: () => totals.head },
    version: {
      // Nobody knows how many bytes several parts have.
      get: () => (row.count === 1 ? only?.version : totals.head && { encoded: true, noRanges: true }),
    },
    bytes: { get: () => bytes },
    sha256: { get: () => proof.sha256 },
    integrity: { get: () => proof.integrity },
    attempts: { get: () => totals.attempts },
    resumed: { get: () => totals.resumed },
    restarted: { get: () => totals.restarted },
    redirectsVerified: { get: () => totals.redirectsVerified },
    // Each part reports its own progress.
    progress: {
      value: {
        ...whole.state.progress,
        report: (...[done, total, phase]: Parameters<TransferState["progress"]["report"]>) =>
          phase === "done" && whole.state.progress.report(done, total, phase),
      },
    },
  });
  const joined: Transfer = {
    ...whole,
    state,
    steps: steps(),
    sourceKey: () => row.key(),
    adopt: () => false,
  };
  return {
    ...joined,
    async save(to: SaveTarget, options: SaveOptions, saveOne: SaveOne): Promise<SavedFile> {
      if (!/^(auto|join|apart)$/.test(options.parts ?? "auto"))
        throw new TypeError('save: the option "parts" must be one of "auto","join","apart"');
      if (typeof to === "string" || to instanceof URL) {
        if (!hasBegun) return savePartsToPath(run, to, options, saveOne);
        if (options.parts === "apart" || options.keepPartial)
          throw new TypeError("download.save: the parts are being joined already; call job.save");
      } else if (options.parts === "apart")
        throw new TypeError('save: parts: "apart" makes a folder, so the target has to be a path');
      return { ...(await saveOne(joined, to, options)), parts: run.saved };
    },
  };
}

function pushAll(joiner: Joiner, chunks: readonly Uint8Array[]): Uint8Array[] {
  return chunks.flatMap((chunk) => joiner.push(chunk));
}
