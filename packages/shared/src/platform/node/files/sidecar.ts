import type { FileVersion } from "../../../file/version.js";
import type { FileSystem } from "./file-system.js";

/** The note beside a partial file: of which source and version its bytes are. It holds no address, only a hash of it. */
export interface Sidecar {
  v: 1;
  source: string;
  etag?: string | undefined;
  lastModified?: string | undefined;
  total?: number | undefined;
}

/** Reads the note; `undefined` if there is none or it was cut, because then nobody knows what the bytes are of. */
export async function readSidecar(fs: FileSystem, path: string): Promise<Sidecar | undefined> {
  try {
    const note = JSON.parse(await fs.readFile(path, "utf8")) as Partial<Sidecar>;
    if (note.v !== 1) return undefined;
    return {
      v: 1,
      source: textOf(note.source) ?? "",
      etag: textOf(note.etag),
      lastModified: textOf(note.lastModified),
      total: Number.isSafeInteger(note.total) ? note.total : undefined,
    };
  } catch {
    return undefined;
  }
}

/** Writes the note. The bytes of an encoded body cannot be counted, so no later run may go on with them. */
export async function writeSidecar(
  fs: FileSystem,
  path: string,
  source: string,
  { etag, lastModified, total, encoded }: FileVersion,
): Promise<void> {
  const note: Sidecar = encoded ? { v: 1, source: "" } : { v: 1, source, etag, lastModified, total };
  await fs.writeFile(`${path}~`, JSON.stringify(note));
  await fs.rename(`${path}~`, path);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
