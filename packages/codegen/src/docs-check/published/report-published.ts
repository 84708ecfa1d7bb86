import pc from "picocolors";
import type { Repository } from "../../config/repository.js";
import { whatToDo } from "../page/fault.js";
import { shown } from "../shown.js";
import type { PublishedReport } from "./check-published.js";

/** The lines of a report about one of the vendor's own documents. None if nothing is to be told. */
export function publishedLinesOf(
  { vendor, url, read, state, why, changed, differences }: PublishedReport,
  { command }: Repository,
): string[] {
  const accept = command("docs-accept", vendor);
  const changes =
    changed.length > 0
      ? [
          `    what it says of ${changed.join(", ")} is not what it was, or the spec says other things there: look at them, then ${accept}`,
        ]
      : [];
  switch (state) {
    case "same":
      return [];
    case "differs":
      return [
        `${pc.red("differs")} ${url} (read ${read})`,
        ...differences.map(
          ({ place, text, citedAt }) => `    ${shown(place)}: ${shown(text)} ${pc.dim(`(${citedAt})`)}`,
        ),
        "    mend the spec, or settle it: x-differs: { '<what stands before the colon>': <the reason> }",
        ...changes,
      ];
    case "changed":
      return [`${pc.red("changed")} ${url} (read ${read})`, ...changes];
    case "unread":
      return [`${pc.yellow("not taken")} ${url}: named by x-openapi, but no digest was taken yet: ${accept}`];
    default:
      return [`${pc.yellow(state)} ${url} ${shown(why ?? "")}; ${whatToDo[state]}`];
  }
}

/** The line that sums up the reports about documents. */
export function publishedSummaryOf(reports: readonly PublishedReport[]): string {
  const count = (...states: readonly string[]): number =>
    reports.filter(({ state }) => states.includes(state)).length;
  const told = ["same", "differs", "changed", "unread"];
  const parts: readonly [number, string][] = [
    [count("same"), "as settled"],
    [count("differs"), "different"],
    [count("changed"), "changed"],
    [count("unread"), "not taken yet"],
    [reports.filter(({ state }) => !told.includes(state)).length, "could not be looked at"],
  ];
  const counts = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${reports.length} OpenAPI ${reports.length === 1 ? "document" : "documents"}: ${counts.join(", ")}`;
}
