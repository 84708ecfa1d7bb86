// The table of what works where, as it stands in docs/runtimes.md.
import { readFileSync, writeFileSync } from "node:fs";

const START = "<!-- runtimes -->";
const END = "<!-- /runtimes -->";

/** @param byRuntime the results of each runtime */
export function tableOf(byRuntime) {
  const names = Object.keys(byRuntime);
  const cases = [...new Set(Object.values(byRuntime).flatMap((results) => results.map(({ name }) => name)))];
  const cell = (runtime, name) => outcomeOf(byRuntime[runtime].find((result) => result.name === name));
  const row = (...cells) => `| ${cells.join(" | ")} |`;
  return [
    row("", ...names),
    `|${"---|".repeat(names.length + 1)}`,
    ...cases.map((name) => row(name, ...names.map((runtime) => cell(runtime, name)))),
  ].join("\n");
}

/** What a case came to; one that a runtime knows nothing of has no word. */
function outcomeOf(result) {
  if (!result) return "—";
  return result.outcome ?? "fails";
}

/** What is wrong with the page's table; with `write` it is mended. */
export function checkPage(path, table, write) {
  const text = readFileSync(path, "utf8");
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < 0) return `${path} has no place for the table (${START} … ${END})`;
  const wanted = `${text.slice(0, start)}${START}\n${table}\n${text.slice(end)}`;
  if (text === wanted) return undefined;
  if (!write) return "its table of runtimes is another one: node runtimes/run.mjs --write";
  writeFileSync(path, wanted);
  return undefined;
}
