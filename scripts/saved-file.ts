import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { SandboxVendor } from "@outhaul/sandbox";
import { sha256Of } from "@outhaul/sandbox/node";
import type { SavedFile } from "@outhaul/shared";

/** The digest of the bytes on disk: of the file, or of all parts of a folder, one after the other. */
export async function sha256OnDisk({ path = "", parts = [] }: SavedFile): Promise<string> {
  const apart = parts.flatMap((part) => part.path ?? []);
  const hash = createHash("sha256");
  for (const file of apart.length > 0 ? apart : [path])
    await pipeline(createReadStream(file), hash, { end: false });
  return hash.digest("hex");
}

/** The digest that {@link sha256OnDisk} has to give: parts of a CSV file that were joined have one heading row. */
export function sha256InSandbox(vendor: SandboxVendor, job: string, { parts = [] }: SavedFile): string {
  // The id of an export of one request is the client's own: the sandbox has it under another one.
  const known = vendor.jobs().map(({ id }) => id);
  const id = known.includes(job) ? job : (known.at(-1) ?? job);
  const isApart = parts.some(({ path }) => path !== undefined);
  const files = [...Array(Math.max(parts.length, 1)).keys()].map((part) => vendor.fileOf(id, part));
  const isHeaded = !isApart && files[0]?.format === "csv";
  return sha256Of({
    *chunks() {
      for (const [index, file] of files.entries())
        yield* isHeaded && index > 0 ? withoutHeading(file.chunks()) : file.chunks();
    },
  });
}

function* withoutHeading(chunks: Iterable<Uint8Array>): Iterable<Uint8Array> {
  let isHeading = true;
  for (const chunk of chunks) {
    const end = isHeading ? chunk.indexOf(10) : -1;
    if (!isHeading || end >= 0) yield chunk.subarray(end + 1);
    if (end >= 0) isHeading = false;
  }
}
