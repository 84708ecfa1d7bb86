import pc from "picocolors";
import type { Repository } from "../config/repository.js";
import type { PageReport } from "./check-pages.js";
import { whatToDo } from "./page/fault.js";
import type { PublishedReport } from "./published/check-published.js";
import { shown, shownLines } from "./shown.js";

/** 0: nothing changed. 1: a page changed or moved, or a document changed or differs. 2: none did, but one could not be read or compared. */
export function exitCodeOf(
  reports: readonly { readonly state: PageReport["state"] | PublishedReport["state"] }[],
): 0 | 1 | 2 {
  if (reports.some(({ state }) => ["changed", "moved", "differs"].includes(state))) return 1;
  return reports.some(({ state }) => state !== "same") ? 2 : 0;
}

/** The lines of a report about one page. None if the page is unchanged. */
export function linesOf(report: PageReport, { command }: Repository): string[] {
  const { vendor, url, read, state, taken, why, movedTo, citedBy, changes, isNothingLeft } = report;
  const accept = command("docs-accept", vendor);
  const cited = `    cited by ${citedBy.join(", ")}`;
  const moved = movedTo === undefined ? [] : [`    it is at ${movedTo} now: renew x-docs, then ${accept}`];
  switch (state) {
    case "same":
      return [];
    case "changed":
      return [
        `${pc.red("changed")} ${url} (read ${read})`,
        cited,
        ...moved,
        ...(isNothingLeft
          ? ["    nothing of what was read is left: it may be another page, or one in another language"]
          : []),
        ...changes.flatMap(({ change, section, before, fields, diff }) => [
          `    ${change}: ${before === undefined || change !== "renamed" ? shown(section) : `${shown(before)} → ${shown(section)}`}${fields.length > 0 ? pc.dim(` (speaks of ${fields.join(", ")})`) : ""}`,
          ...(diff === undefined ? [] : shownLines(diff).map((line) => `      ${line}`)),
        ]),
      ];
    case "moved":
      return [`${pc.yellow("moved")} ${url} (read ${read}): the words are the same`, cited, ...moved];
    case "unread":
      return [
        `${pc.yellow("not taken")} ${url}: cited, but no digest was taken yet; read it, then ${accept}`,
        ...moved,
      ];
    default:
      return [
        `${pc.yellow(state)} ${url} ${shown(why ?? "")}; ${whatToDo[state]}`,
        ...(taken ? [] : [`    cited, but no digest was taken yet: ${accept}, once it can be read`]),
        cited,
      ];
  }
}

/** The last line of a report. */
export function summaryOf(reports: readonly PageReport[]): string {
  const count = (wanted: (state: PageReport["state"]) => boolean): number =>
    reports.filter(({ state }) => wanted(state)).length;
  const parts: readonly [number, string][] = [
    [count((state) => state === "same"), "as read"],
    [count((state) => state === "changed"), "changed"],
    [count((state) => state === "moved"), "moved"],
    [count((state) => state === "unread"), "not taken yet"],
    [count((state) => !["same", "changed", "moved", "unread"].includes(state)), "could not be looked at"],
  ];
  const counts = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${reports.length} ${reports.length === 1 ? "page" : "pages"}: ${counts.join(", ") || "none cited"}`;
}
