import { platform } from "#platform";
import { DownloadError } from "../errors/download-error.js";
import type { SaveOptions } from "../file/options.js";
import type { PartsFolder } from "../file/parts-folder.js";
import type { SavedFile, SavedPart } from "../file/result.js";
import type { FileHead } from "../transfer/state.js";
import type { SaveOne } from "../transfer/transfer.js";
import { isJoined, joinKindOf } from "./join-kind.js";
import { createJoiner, isJoinState, type Joiner, type JoinKind, type JoinState } from "./joiner.js";
import type { OpenPart } from "./open-part.js";
import type { PartsRun } from "./parts-run.js";

/** How names of files end: `.csv`, `.csv.gz`. */
const ENDING = /\.[a-z0-9]{1,9}(\.gz)?$/i;

/** What is noted beside the parts of a file that another run may go on with. */
interface Note {
  readonly v: 1;
  /** A hash of the addresses, without their queries. */
  readonly key: string;
  /** How the parts are joined; absent where they are kept apart. */
  readonly kind: JoinKind | undefined;
  readonly base: string;
  readonly contentType: string | undefined;
  readonly parts: readonly SavedPart[];
  /** What names the next page. */
  readonly next: unknown;
  /** How many bytes are joined, and what has to be known to join more. */
  readonly joined: number;
  readonly state: JoinState;
}

/** How the parts of a file are saved. */
type Plan = Pick<Note, "kind" | "base" | "contentType">;

/**
 * Saves each part by itself, then joins it to those before it, or leaves it in the folder. Nothing has its final name before all of them are there; with
 * `keepPartial` another run goes on after the last part that is.
 */
export async function savePartsToPath(
  run: PartsRun,
  to: string | URL,
  options: SaveOptions,
  saveOne: SaveOne,
): Promise<SavedFile> {
  const { whole, row } = run;
  const { keepPartial } = options;
  let first: OpenPart | undefined;
  let folder: PartsFolder | undefined;
  whole.configure(options, true);
  try {
    const { files } = platform;
    if (!files) throw noFiles(to);
    const given = await files.checkPath(to, { ...options, overwrite: "replace" });
    whole.configure({}, true, given);
    // What an earlier run left is looked for before a request, where its name is known.
    if (given === undefined || !keepPartial) first = await run.first();
    const suggested = first && planOf(run, first, options, given);
    const name = given ?? folderName(suggested);
    folder = await files.openParts(to, { options, name, isFolder: !suggested?.kind });
    const key = keepPartial ? await hashOf(await row.key()) : "";
    const found = await noteIn(folder, key, options);
    if (!found) await folder.clear();
    if (!found) first ??= await run.first();
    const plan = found ?? planOf(run, first as OpenPart, options, folder.targetName); // it is open without a note
    const note: Note = found ?? { ...plan, v: 1, key, parts: [], next: "", joined: 0, state: {} };
    if (!found) await folder.keep(note);
    return await saveAll(run, folder, note, first, options, saveOne);
  } catch (error) {
    whole.timeouts.abort(error);
    await folder?.abandon(error);
    throw error;
  } finally {
    await first?.transfer.steps.return();
    whole.timeouts.dispose();
  }
}

/** @param opened the first part, if it is open already */
async function saveAll(
  run: PartsRun,
  folder: PartsFolder,
  before: Note,
  opened: OpenPart | undefined,
  options: SaveOptions,
  saveOne: SaveOne,
): Promise<SavedFile> {
  const { row, whole, totals, saved } = run;
  const { kind, base, key, contentType } = before;
  const joiner = kind && createJoiner(kind, before.state);
  const digests = kind && (await run.startDigests());
  let { next, joined } = before;
  for (const part of before.parts) run.add(part);
  if (digests && joined > 0) for await (const chunk of folder.read(folder.joinedName)) digests.update(chunk);
  for (;;) {
    const index = saved.length;
    const part = await row.at(index, next);
    if (!part) break;
    const name = partName(base, index);
    const more = partOptions(options, row.count !== undefined);
    const current = opened && index === 0 ? opened : run.open(part, more);
    await run.fetch(current, more, async (fetched) => {
      const its = run.optionsOf(part, more);
      const { sizeBytes, sha256, integrity } = await saveOne(fetched.transfer, folder.pathOf(name), its);
      totals.head ??= fetched.transfer.state.head;
      next = fetched.next();
      run.add({ path: kind ? undefined : name, sizeBytes, sha256, integrity }, fetched);
    });
    if (joiner) {
      const from = joined;
      await folder.append(
        folder.joinedName,
        from,
        joinedBytes(folder.read(name), joiner, (chunk) => {
          joined += chunk.length;
          digests?.update(chunk);
          return chunk;
        }),
      );
      await folder.remove(name);
    }
    const state = joiner?.state ?? {};
    await folder.keep({
      v: 1,
      key,
      kind,
      base,
      contentType,
      parts: saved,
      next,
      joined,
      state,
    } satisfies Note);
  }
  const bytes = kind ? joined : totals.bytes;
  const proof = await run.check(bytes, digests);
  whole.timeouts.signal.throwIfAborted();
  const path = kind ? await folder.commitFile(folder.joinedName) : await folder.commit(namesOf(saved));
  whole.state.progress.report(bytes, bytes, "done");
  const { attempts, resumed, restarted, redirectsVerified } = totals;
  return {
    path,
    sizeBytes: bytes,
    ...proof,
    contentType,
    attempts,
    resumed,
    restarted,
    durationMs: whole.timeouts.elapsedMs,
    redirectsVerified,
    parts: saved.map((part) => (part.path ? { ...part, path: folder.finalPath(path, part.path) } : part)),
  };
}

/** The names that the parts have in their folder. */
function namesOf(parts: readonly SavedPart[]): string[] {
  return parts.flatMap(({ path }) => path ?? []);
}

async function* joinedBytes(
  bytes: AsyncIterable<Uint8Array>,
  joiner: Joiner,
  counted: (chunk: Uint8Array) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) yield* joiner.push(chunk).map(counted);
  yield* joiner.end().map(counted);
}

/** What is different for a part that is saved into the folder. Of a page, nothing but the whole is kept: its rest would not say which page is next. */
function partOptions({ keepPartial = false, fsync = false }: SaveOptions, isListed: boolean): SaveOptions {
  return {
    overwrite: "replace",
    createDirs: false,
    keepPartial: keepPartial && isListed,
    fsync: fsync || keepPartial,
    mode: undefined,
    parts: undefined,
  };
}

/** Decides by the first part how all of them are saved. @throws {@link DownloadError} if they are to be joined and cannot be */
function planOf(
  run: PartsRun,
  { transfer }: OpenPart,
  { parts }: SaveOptions,
  given: string | undefined,
): Plan {
  const head = transfer.state.head as FileHead; // the first part is open
  const kind = run.row.count === 1 ? "one" : joinKindOf(head, given);
  const base = given ?? head.filename;
  return {
    kind: isJoined(parts, kind) ? run.joinKind(head) : undefined,
    base: ENDING.test(base) ? base : base + (ENDING.exec(head.filename)?.[0] ?? ""),
    contentType: head.contentType,
  };
}

/** What a directory calls the file, or the folder of its parts. */
function folderName(plan: Plan | undefined): string {
  const { base = "", kind } = plan ?? {};
  return kind ? base : base.replace(ENDING, "");
}

/** `events.part-0001.csv`, `events.part-0001.csv.gz` */
function partName(base: string, index: number): string {
  const [ending = ""] = ENDING.exec(base) ?? [];
  return `${base.slice(0, base.length - ending.length)}.part-${String(index + 1).padStart(4, "0")}${ending}`;
}

/** What an earlier run noted, if it is about the same file, saved in the same way, and what it left is there. */
async function noteIn(
  folder: PartsFolder,
  key: string,
  { parts: mode }: SaveOptions,
): Promise<Note | undefined> {
  const note = folder.note as Note | undefined; // each part is checked below
  if (note?.v !== 1 || note.key !== key || !Array.isArray(note.parts) || !isJoinState(note.state))
    return undefined;
  if (typeof note.base !== "string") return undefined;
  if ((mode === "join" && !note.kind) || (mode === "apart" && note.kind)) return undefined;
  if (note.kind) return ((await folder.sizeOf(folder.joinedName)) ?? 0) >= note.joined ? note : undefined;
  for (const { path = "", sizeBytes } of note.parts)
    if ((await folder.sizeOf(path)) !== sizeBytes) return undefined;
  return note;
}

async function hashOf(text: string): Promise<string> {
  const hash = await platform.createHash("sha256");
  hash.update(new TextEncoder().encode(text));
  return hash.digest();
}

function noFiles(to: string | URL): DownloadError {
  return new DownloadError(
    "FILE_ERROR",
    `save: no file system here for ${to}: the target must be a WritableStream or a file handle`,
    { systemCode: "ENOTSUP" },
  );
}
