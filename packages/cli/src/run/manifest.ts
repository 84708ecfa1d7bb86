import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { UsageError } from "../errors/command-error.js";
import { reasonOf, systemCode } from "../errors/system-reason.js";
import { writeWhole } from "../files/write-whole.js";
import { isParts, type Parts } from "../job/save-flags.js";
import { hasTexts, isResumeToken, isTextRecord } from "../job/shape.js";

/** The result of one export of an exports file. */
export interface ManifestEntry {
  readonly name: string;
  readonly fingerprint: string;
  readonly vendor: string;
  readonly workflow: string;
  /** `starting` until the vendor answers the request that starts the job; `running` until the file is saved. */
  readonly state: "starting" | "running" | "done" | "failed";
  /** The account of the vendor, where it has a name. */
  readonly profile?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly target: string;
  readonly decompress?: boolean;
  readonly parts?: Parts;
  readonly id?: string;
  readonly token?: string;
  readonly file?: string;
  readonly sizeBytes?: number;
  readonly sha256?: string;
  readonly integrity?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly error?: string;
}

/** The results of an exports file. The file is locked by one process, and rewritten after every change. */
export interface RunManifest {
  readonly entries: readonly ManifestEntry[];
  /** Replaces the entry of the same fingerprint, and a finished entry of the same name. */
  put(entry: ManifestEntry): void;
  release(): Promise<void>;
}

/**
 * Locks and reads a manifest.
 * @param onLost called if another process takes the lock, because this one was suspended for too long
 * @throws {UsageError} if another process holds the lock, or if the file is no manifest
 */
export async function openRunManifest(path: string, onLost: () => void): Promise<RunManifest> {
  const release = await lock(path, onLost);
  let entries: ManifestEntry[];
  try {
    entries = readEntries(path);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    get entries() {
      return entries;
    },
    put(entry) {
      entries = [...entries.filter((other) => !isReplacedBy(other, entry)), entry];
      writeWhole(path, `${JSON.stringify({ version: 1, exports: entries }, null, 2)}\n`);
    },
    release: () => release().catch(() => {}), // the lock was lost
  };
}

/** True if the file of a finished export is still there and has its full size. */
export function isFilePresent({ file, sizeBytes }: ManifestEntry): boolean {
  if (file === undefined) return false;
  try {
    const found = statSync(file);
    return (found.isDirectory() ? sizeOfFolder(file) : found.size) === sizeBytes;
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return false;
    throw new UsageError(`cannot see whether ${file} is there: ${reasonOf(error)}`);
  }
}

async function lock(path: string, onCompromised: () => void): Promise<() => Promise<void>> {
  try {
    return await lockfile.lock(path, { realpath: false, stale: 15_000, update: 5_000, onCompromised });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // the library's own, or that of node:fs
    throw new UsageError(
      code === "ELOCKED"
        ? `another process runs these exports (it has ${path}); one that was killed is forgotten after 15 s`
        : `cannot write ${path}, where a run keeps what is done: ${reasonOf(error)}; name another place with --manifest`,
    );
  }
}

function readEntries(path: string): ManifestEntry[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return []; // the first run
    throw new UsageError(`cannot read ${path}, which says what is done already: ${reasonOf(error)}`);
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    // no JSON: the error below
  }
  const { version, exports } = (manifest ?? {}) as { version?: unknown; exports?: unknown }; // each is checked
  if (version !== 1 || !Array.isArray(exports))
    throw new UsageError(`${path} is no manifest of outhaul run: name another one with --manifest`);
  const damaged = exports.flatMap((entry, index) =>
    isEntry(entry)
      ? []
      : [
          `${path}: entry ${index + 1}${nameOf(entry)} is damaged: mend it, or look for the export at the vendor and remove the entry`,
        ],
  );
  if (damaged.length) throw new UsageError(...damaged);
  return exports as ManifestEntry[]; // isEntry checked each
}

/** The bytes of all files of an export that came in parts. */
function sizeOfFolder(folder: string): number {
  return readdirSync(folder).reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0);
}

function isEntry(value: unknown): value is ManifestEntry {
  if (typeof value !== "object" || value === null) return false;
  const { state, options, token, sizeBytes, decompress, parts } = value as Partial<ManifestEntry>; // each is checked
  return (
    (state === "starting" || state === "running" || state === "done" || state === "failed") &&
    hasTexts(
      value,
      ["name", "fingerprint", "vendor", "workflow", "target", "startedAt"],
      ["id", "token", "file", "sha256", "integrity", "endedAt", "error", "profile"],
    ) &&
    isTextRecord(options) &&
    // Without its token, a running export would be started again.
    (token === undefined ? state !== "running" : isResumeToken(token)) &&
    (sizeBytes === undefined || typeof sizeBytes === "number") &&
    (decompress === undefined || typeof decompress === "boolean") &&
    (parts === undefined || isParts(parts))
  );
}

function nameOf(entry: unknown): string {
  const name = (entry as { name?: unknown } | null)?.name; // any JSON value
  return typeof name === "string" ? ` ("${name}")` : "";
}

function isReplacedBy(old: ManifestEntry, entry: ManifestEntry): boolean {
  if (old.fingerprint === entry.fingerprint) return true;
  return old.name === entry.name && (old.state === "done" || old.state === "failed");
}
