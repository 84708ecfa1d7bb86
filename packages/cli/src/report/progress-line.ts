import pc from "picocolors";
import { showOnOneLine } from "../terminal/controls.js";
import { formatDuration } from "../terminal/duration.js";
import { formatBytes } from "../terminal/format.js";
import type { ExportProgress } from "./progress.js";

const COLORS: Readonly<Record<string, (text: string) => string>> = {
  saved: pc.green,
  failed: pc.red,
  left: pc.yellow,
  unknown: pc.yellow,
  skipped: pc.dim,
};

/** How the lines of several exports stand below each other. */
export interface LineLayout {
  /** The width that names are padded and cut to; 0 leaves them as they are. */
  readonly nameWidth: number;
  /** The width that ids are padded to. */
  readonly idWidth: number;
  /** The room for the line. */
  readonly columns: number;
}

/** A part of a line. Where the line is too long, the part with the lowest `worth` goes first; one without stays. */
interface Part {
  readonly text: string;
  readonly style?: (text: string) => string;
  readonly worth?: number;
}

const SHORTEST_NAME = 8;
/** What is worth more stays as long as a shorter name will do. */
const WORTH_OF_NAME = 4;

/** The layout in which the lines of these exports are aligned. */
export function layoutOf(
  exports: Iterable<readonly [string, ExportProgress]>,
  columns = Number.POSITIVE_INFINITY,
): LineLayout {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const all = [...exports];
  const nameWidth = widest(all.map(([name]) => showOnOneLine(name)));
  const most = Math.max(SHORTEST_NAME, Math.floor(columns * 0.35));
  return {
    nameWidth: Math.min(nameWidth, most),
    idWidth: widest(all.map(([, progress]) => shownId(progress))),
    columns,
  };
}

/** Formats the progress of an export as one line: its state, the elapsed time, and what it waits for. What matters least is left out where the room ends. */
export function progressLine(
  name: string,
  progress: ExportProgress,
  now: number,
  { nameWidth, idWidth, columns }: LineLayout = {
    nameWidth: 0,
    idWidth: 0,
    columns: Number.POSITIVE_INFINITY,
  },
): string {
  const { startedAt, endedAt = now, saved } = progress;
  const state = showOnOneLine(progress.state);
  const id = shownId(progress);
  const problem = showOnOneLine(progress.problem ?? "");
  const isDownloading = state === "downloading" && progress.download !== undefined;
  const parts: Part[] = [
    ...(id || idWidth ? [{ text: id.padEnd(idWidth), style: pc.dim, worth: 1 }] : []),
    { text: state.padEnd(11), style: COLORS[state] ?? pc.cyan, ...(isDownloading ? { worth: 5 } : {}) },
    { text: formatDuration(endedAt - startedAt), worth: 4 },
    ...(saved ? [{ text: formatBytes(saved.sizeBytes), worth: 7 }] : details(progress, now)),
    ...(problem ? [{ text: problem, style: pc.yellow }] : []),
  ];
  const shown = showOnOneLine(name);
  return fit(nameWidth ? shorten(shown, nameWidth).padEnd(nameWidth) : shown, parts, columns);
}

/** The id as a line shows it: a long one would leave no room for the rest. */
function shownId({ id = "" }: ExportProgress): string {
  const shown = showOnOneLine(id);
  return shown.length > 16 ? `${shown.slice(0, 12)}…` : shown;
}

/** Leaves out parts and shortens the name, until the line fits. */
function fit(name: string, parts: readonly Part[], columns: number): string {
  const kept = [...parts];
  const excess = () => kept.reduce((sum, { text }) => sum + 2 + text.length, name.length - columns);
  while (excess() > 0) {
    const [least] = kept.flatMap(({ worth }) => (worth === undefined ? [] : [worth])).sort((a, b) => a - b);
    if (least === undefined) break;
    if (least > WORTH_OF_NAME && name.length - excess() >= SHORTEST_NAME) break;
    kept.splice(
      kept.findIndex(({ worth }) => worth === least),
      1,
    );
  }
  const width = Math.max(SHORTEST_NAME, name.length - Math.max(0, excess()));
  const shown = width < name.length ? shorten(name.trimEnd(), width).padEnd(width) : name;
  return [pc.bold(shown), ...kept.map(({ text, style = String }) => style(text))].join("  ");
}

/** Cuts a text to a width, and marks that it is cut. */
function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function details(progress: ExportProgress, now: number): Part[] {
  if (progress.state === "downloading" && progress.download) return downloadDetails(progress.download);
  return progress.polls ? pollDetails(progress, progress.polls, now) : [];
}

function downloadDetails(download: NonNullable<ExportProgress["download"]>): Part[] {
  const { bytes, totalBytes, bytesPerSecond, etaMs, part, parts } = download;
  return [
    ...(part === undefined || parts === 1
      ? []
      : [{ text: `part ${part}${parts === undefined ? "" : ` of ${parts}`}`, worth: 5 }]),
    {
      text:
        totalBytes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
      worth: 8,
    },
    ...(bytesPerSecond === undefined ? [] : [{ text: `${formatBytes(bytesPerSecond)}/s`, worth: 6 }]),
    ...(etaMs === undefined ? [] : [{ text: `ETA ${formatDuration(etaMs)}`, worth: 7 }]),
  ];
}

function pollDetails(
  { startedAt, progress = {}, nextPollAt }: ExportProgress,
  polls: number,
  now: number,
): Part[] {
  const { done, total, fraction } = progress;
  const share = fraction === undefined ? undefined : `${Math.round(fraction * 100)} %`;
  const count = total === undefined ? undefined : `${done ?? 0} of ${total}`;
  const remainingMs = estimateRemaining(now - startedAt, fraction);
  const next = nextPollAt === undefined ? undefined : Math.max(0, Math.ceil((nextPollAt - now) / 1000));
  return [
    { text: `${polls} poll${polls === 1 ? "" : "s"}`, worth: 3 },
    ...(share ? [{ text: share, worth: 8 }] : count ? [{ text: count, worth: 8 }] : []),
    ...(remainingMs === undefined ? [] : [{ text: `about ${formatDuration(remainingMs)} left`, worth: 6 }]),
    ...(next === undefined ? [] : [{ text: `next in ${next} s`, worth: 2 }]),
  ];
}

/** The time that is left if the export keeps its pace. */
function estimateRemaining(elapsedMs: number, fraction: number | undefined): number | undefined {
  if (fraction === undefined || fraction <= 0 || fraction >= 1) return undefined;
  return (elapsedMs * (1 - fraction)) / fraction;
}
