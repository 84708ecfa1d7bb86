import type { SaveOptions } from "../file/options.js";
import type { FileHead } from "../transfer/state.js";
import type { JoinKind } from "./joiner.js";

const CSV = /^(text|application)\/(x-)?(csv|tab-separated-values|comma-separated-values|tsv)$/;
const LINES = /^(text|application)\/(x-)?(ndjson|jsonl|jsonlines|json-lines)$/;
/** Types that say nothing of the lines of a file; then its name may. */
const SILENT = /^(text\/plain|(application|binary)\/(octet-stream|download|x-download|force-download))$/;

/** How parts can be joined, by what the first of them is; `undefined` if they cannot. */
export function joinKindOf(
  { contentType = "text/plain", filename }: Pick<FileHead, "contentType" | "filename">,
  targetName = "",
): JoinKind | undefined {
  if (CSV.test(contentType)) return "csv";
  if (LINES.test(contentType)) return "lines";
  if (!SILENT.test(contentType)) return undefined;
  for (const name of [filename, targetName]) {
    if (/\.(csv|tsv|ssv)$/i.test(name)) return "csv";
    if (/\.(ndjson|jsonl)$/i.test(name)) return "lines";
    if (/\.[a-z0-9]{1,9}$/i.test(name)) return undefined;
  }
  return undefined;
}

/** True if the parts are to be joined: where that is asked for, or possible. */
export function isJoined(mode: SaveOptions["parts"], kind: JoinKind | undefined): boolean {
  return mode === "join" || (mode !== "apart" && kind !== undefined);
}
