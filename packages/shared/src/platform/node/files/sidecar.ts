import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { FileVersion } from "../../../file/version.js";
import type { FileSystem } from "./file-system.js";
import { isOwn, openNoFollow, readText } from "./own-file.js";

/** The note beside a partial file: of which source and version its bytes are, and how many of them are on the disk. It holds no address, only a hash of it. */
export interface Sidecar {
  v: 2;
  source: string;
  /** How many bytes were synced. What stands behind them, nobody has proved. */
  synced: number;
  etag?: string | undefined;
  lastModified?: string | undefined;
  total?: number | undefined;
  kept?: string | undefined;
  type?: string | undefined;
  digest?: string | undefined;
}

/** Reads the note; `undefined` if there is none, it was cut or is not ours, because then nobody knows what the bytes are of. */
export async function readSidecar(fs: FileSystem, path: string): Promise<Sidecar | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await openNoFollow(fs, path, constants.O_RDONLY);
    if (!(await isOwn(file))) return undefined;
    const note = JSON.parse(await readText(file)) as Partial<Sidecar>;
    const { v, synced, total } = note;
    if (v !== 2 || !isCount(synced)) return undefined;
    return {
      v,
      synced,
      source: textOf(note.source) ?? "",
      etag: textOf(note.etag),
      lastModified: textOf(note.lastModified),
      total: isCount(total) ? total : undefined,
      kept: textOf(note.kept),
      type: textOf(note.type),
      digest: textOf(note.digest),
    };
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

/** Writes the note in one step, and to the disk. The bytes of an encoded body cannot be counted, so no later run may go on with them. */
export async function writeSidecar(
  fs: FileSystem,
  path: string,
  source: string,
  { encoded, noRanges, ...version }: FileVersion,
  synced: number,
): Promise<void> {
  const note: Sidecar = encoded ? { v: 2, source: "", synced: 0 } : { v: 2, source, synced, ...version };
  const temporary = `${path}.${randomBytes(6).toString("hex")}.part`; // the form that `cleanupStale` removes
  const file = await fs.open(temporary, "wx");
  try {
    await file.writeFile(JSON.stringify(note));
    await file.datasync();
  } finally {
    await file.close();
  }
  await fs.rename(temporary, path);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0; // an integer is a number
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
