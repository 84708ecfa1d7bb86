import { createTwoFilesPatch, diffArrays } from "diff";
import type { ChangedText } from "./changed-fields.js";
import { lineDigests, splitLines } from "./page/page.js";
import { headingsOf } from "./page/sections.js";

/** The text of a section before: the text itself, where it is still here, or the digests of its lines, or nothing of it. */
export interface TextBefore {
  readonly section: string;
  readonly text?: string;
  readonly lines?: string;
}

/** What is different in a section: which lines, and how it is shown. */
export interface SectionDiff {
  readonly texts: readonly ChangedText[];
  readonly diff?: string;
}

/** Compares the text of a section with what is known of it before. An added section has no `before`, a removed one no `now`. */
export function sectionDiff(
  before: TextBefore | undefined,
  now: { readonly section: string; readonly text: string } | undefined,
): SectionDiff {
  const newLines = linesOf(now?.text);
  const newText = { lines: newLines, headings: headingsOf(now?.section ?? "") };
  if (before !== undefined && before.text === undefined && before.lines === undefined)
    return { texts: [{ ...newText, changed: newLines.map((_, index) => index) }] };
  if (before?.text === undefined && before !== undefined)
    return digestDiff(splitLines(before.lines ?? ""), newText);
  const oldLines = linesOf(before?.text);
  const { added, removed } = changedLines(oldLines, newLines);
  const patch = createTwoFilesPatch(
    before === undefined ? "/dev/null" : "read",
    now === undefined ? "/dev/null" : "now",
    before?.text ? `${before.text}\n` : "",
    now?.text ? `${now.text}\n` : "",
    "",
    "",
    { context: 2 },
  );
  return {
    texts: [
      { ...newText, changed: added },
      { lines: oldLines, headings: headingsOf(before?.section ?? ""), changed: removed },
    ],
    ...(added.length + removed.length > 0 ? { diff: patch.replace(/^=+\n/, "").trimEnd() } : {}),
  };
}

/** Compares with digests: new lines can be shown, and of those that are gone only how many there were. */
function digestDiff(old: readonly string[], now: Omit<ChangedText, "changed">): SectionDiff {
  const { added, removed, gaps } = changedLines(old, lineDigests(now.lines.join("\n")));
  const gone = removed.length === 1 ? "1 line is gone" : `${removed.length} lines are gone`;
  const shown = [
    ...(removed.length > 0 ? [`- (${gone}; the text that was read is not here)`] : []),
    ...added.map((index) => `+ ${now.lines[index] ?? ""}`),
  ];
  return {
    texts: [
      { ...now, changed: added },
      { ...now, changed: gaps, areGaps: true },
    ],
    ...(shown.length > 0 ? { diff: shown.join("\n") } : {}),
  };
}

/** The indexes of the lines that only one of two lists has; `gaps` are the indexes in the second where lines were taken out and nothing put in. */
function changedLines(old: readonly string[], now: readonly string[]) {
  const [added, removed, gaps]: [number[], number[], number[]] = [[], [], []];
  let [oldIndex, newIndex] = [0, 0];
  const parts = diffArrays([...old], [...now]);
  for (const [place, { value, added: isAdded, removed: isRemoved }] of parts.entries()) {
    if (isAdded) for (const _ of value) added.push(newIndex++);
    else if (isRemoved) {
      if (!parts[place + 1]?.added && !parts[place - 1]?.added) gaps.push(newIndex);
      for (const _ of value) removed.push(oldIndex++);
    } else {
      oldIndex += value.length;
      newIndex += value.length;
    }
  }
  return { added, removed, gaps };
}

function linesOf(text: string | undefined): string[] {
  return text ? text.split("\n") : [];
}
