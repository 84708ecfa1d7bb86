import { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions } from "../file/options.js";
import type { TransferStep } from "../transfer/state.js";
import type { CreateTransfer, Transfer } from "../transfer/transfer.js";
import { toReply } from "../workflow/reply.js";
import type { PartsDefinition } from "./definition.js";
import type { Part } from "./part-row.js";

/** A part whose bytes are fetched. */
export interface OpenPart {
  readonly part: Part;
  readonly transfer: Transfer;
  /** What the part says that names the next one, once all of it has come. */
  next(): unknown;
}

/** More than a page ever has, of pages that have to be read for what names the next one. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;

/** Opens a part; its transfer remembers what names the next page. */
export function openPart(
  part: Part,
  { nextPage, inBody }: PartsDefinition,
  options: DownloadOptions,
  create: CreateTransfer,
): OpenPart {
  const transfer = create(part.source, options);
  let headers = new Headers();
  let text = "";
  let bytes = 0;
  let decoder = new TextDecoder();

  async function* steps(): AsyncGenerator<TransferStep, void> {
    const { steps: all } = transfer;
    try {
      for (;;) {
        const { done, value } = await all.next();
        if (done) return;
        if (typeof value === "string") {
          // The rest of a cut page need not repeat the headers of its beginning.
          headers = transfer.state.head?.headers ?? headers;
          text = "";
          bytes = 0;
          decoder = new TextDecoder();
        } else if (inBody) remember(value);
        yield value;
      }
    } finally {
      await all.return();
    }
  }

  function remember(batch: readonly Uint8Array[]): void {
    for (const chunk of batch) bytes += chunk.length;
    if (bytes > MAX_PAGE_BYTES)
      throw new DownloadError(
        "TOO_LARGE",
        `download: page ${part.index + 1} has more than ${MAX_PAGE_BYTES} bytes, which are too many to look for the next page in`,
      );
    for (const chunk of batch) text += decoder.decode(chunk, { stream: true });
  }

  return {
    part,
    transfer: Object.create(transfer, { steps: { value: steps() } }),
    next() {
      if (!nextPage) return undefined;
      const reply = toReply(200, headers, text + decoder.decode());
      if (inBody && (reply.unreadable || typeof reply.body !== "object"))
        throw new DownloadError(
          "UNEXPECTED_CONTENT",
          `download: page ${part.index + 1} is ${reply.unreadable ?? "no JSON"}, so nothing says whether another one follows`,
        );
      return nextPage(reply);
    },
  };
}
