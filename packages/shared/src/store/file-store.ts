import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ExportRecord, ExportStore } from "./export-store.js";

/** Letters, digits, `.`, `_` and `-`, and no hidden file: a name on every system. */
const KEY = /^[\w-][\w.-]{0,150}$/;

/**
 * Remembers exports in a folder, one file for each key, readable for this user only. The folder is made when it is needed. Several processes may use it at once.
 * Keys are file names: letters, digits, `.`, `_` and `-`, 151 at most; a system that takes `a` and `A` for one name takes them for one key.
 * Node, Bun and Deno.
 */
export function createFileStore(folder: string): ExportStore {
  const pathOf = (key: string): string => {
    if (!KEY.test(key))
      throw new TypeError(
        `"${key}" is no key of a file store: use letters, digits, ".", "_" and "-", 151 at most`,
      );
    return join(folder, `${key}.json`);
  };
  return {
    async read(key) {
      const path = pathOf(key);
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const record = parse(text);
      if (!record)
        throw new Error(
          `${path} is damaged: mend it, or look for the export at the vendor and remove the file`,
        );
      return record;
    },
    async add(key, record) {
      const path = pathOf(key);
      const { makeFolder } = await import("../platform/node/files/file-system.js");
      await makeFolder({ mkdir, stat }, folder, 0o700);
      const file = await open(path, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return undefined;
        throw error;
      });
      if (file) await write(file, record);
      return file !== undefined;
    },
    async replace(key, record) {
      const path = pathOf(key);
      const next = join(folder, `.${key}.${randomBytes(6).toString("hex")}.part`); // the form that `cleanupStale` removes
      try {
        await write(await open(next, "wx", 0o600), record);
        await rename(next, path);
      } catch (error) {
        await rm(next, { force: true });
        throw error;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

async function write(file: FileHandle, record: ExportRecord): Promise<void> {
  try {
    await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

function parse(text: string): ExportRecord | undefined {
  // What another process has made, and not written yet.
  if (text === "") return { v: 1, state: "starting", since: "just now" };
  try {
    const record = JSON.parse(text) as Partial<Record<keyof ExportRecord | "token", unknown>> | null;
    const isWhole =
      record?.v === 1 &&
      (record.state === "done" ||
        record.state === "starting" ||
        (record.state === "running" && typeof record.token === "string"));
    return isWhole ? (record as ExportRecord) : undefined;
  } catch {
    return undefined;
  }
}
