import { DownloadError } from "../errors/download-error.js";
import type { FileSource } from "../transfer/source.js";
import type { TransferStep } from "../transfer/state.js";
import type { Transfer } from "../transfer/transfer.js";
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
  { nextPage, header, inBody }: PartsDefinition,
  create: (source: FileSource) => Transfer,
): OpenPart {
  let headers = new Headers();
  const { source } = part;
  const transfer = create({
    ...source,
    // Called for each reply with the beginning of the page: the rest of a cut one need not repeat its headers.
    inspect(reply) {
      headers = reply.headers;
      return source.inspect?.(reply);
    },
  });
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
      // Something on the way may drop a header; the rest of the file would be missing, and nobody would know.
      if (header && !headers.has(header))
        throw new DownloadError(
          "UNEXPECTED_CONTENT",
          `download: page ${part.index + 1} came without the header ${header}, so nothing says whether another one follows`,
        );
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
