import { relative } from "node:path";
import { formatDuration } from "../terminal/duration.js";
import { formatBytes, formatTable } from "../terminal/format.js";
import type { ManifestEntry } from "./manifest.js";

/** What a run may come to, in the order in which it is counted. */
const WORDS = ["saved", "no data", "skipped", "failed", "left"] as const;

/**
 * What came of each export of a run: a table, and a line that counts.
 * @param names the exports of the file, in its order
 * @param run the names of those that were not skipped
 */
export function runSummary(
  names: readonly string[],
  entries: readonly ManifestEntry[],
  run: ReadonlySet<string>,
  cwd: string,
  columns = Number.POSITIVE_INFINITY,
): string {
  const counts = new Map<string, number>();
  const rows = names.map((name) => {
    const entry = entries.filter((one) => one.name === name).at(-1);
    const word = wordOf(entry, run.has(name));
    counts.set(word, (counts.get(word) ?? 0) + 1);
    return [name, word, sizeOf(entry), timeOf(entry), placeOf(entry, cwd)];
  });
  const counted = WORDS.flatMap((word) => (counts.has(word) ? [`${counts.get(word)} ${word}`] : []));
  const exports = `${names.length} export${names.length === 1 ? "" : "s"}`;
  return `${fittingTable(rows, columns)}\n${exports}: ${counted.join(", ")}`;
}

/** The table with as many of its columns as there is room for. */
function fittingTable(rows: readonly (readonly string[])[], columns: number): string {
  const headings = ["export", "came to", "size", "time", "file"];
  const choices = [
    [0, 1, 2, 3, 4],
    [0, 1, 2, 4],
    [0, 1, 2],
  ];
  const tables = choices.map((choice) => {
    const pick = (cells: readonly string[]) => choice.map((column) => cells[column] ?? "");
    return formatTable(pick(headings), rows.map(pick));
  });
  const fits = (table: string) => table.split("\n").every((line) => line.length <= columns);
  return tables.find(fits) ?? tables.at(-1) ?? "";
}

function wordOf(entry: ManifestEntry | undefined, isRun: boolean): (typeof WORDS)[number] {
  if (entry?.state === "done") return isRun ? (entry.file === undefined ? "no data" : "saved") : "skipped";
  return entry?.state === "running" ? "left" : "failed";
}

function sizeOf(entry: ManifestEntry | undefined): string {
  return entry?.sizeBytes === undefined ? "" : formatBytes(entry.sizeBytes);
}

function timeOf(entry: ManifestEntry | undefined): string {
  if (!entry?.endedAt) return "";
  return formatDuration(Date.parse(entry.endedAt) - Date.parse(entry.startedAt));
}

function placeOf(entry: ManifestEntry | undefined, cwd: string): string {
  return entry?.state === "done" && entry.file ? relative(cwd, entry.file) : "";
}
