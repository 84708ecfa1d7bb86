import type { Path } from "@outhaul/spec";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Rule } from "../../diagnostics/rules.js";
import type { Source } from "../../load/source.js";

/** What a check says of a place in a file. */
export type Report = (path: Path, rule: Rule, message: string, hint: string) => void;

/** Collects diagnostics of one file. */
export function reporter(source: Source, diagnostics: Diagnostic[]): Report {
  return (path, rule, message, hint) => {
    diagnostics.push({ file: source.file, line: source.lineOf(path), rule, message, hint });
  };
}

/** A report that remembers whether it was used. */
export function watched(report: Report): { report: Report; isUsed(): boolean } {
  let isUsed = false;
  return {
    report(...diagnostic) {
      isUsed = true;
      report(...diagnostic);
    },
    isUsed: () => isUsed,
  };
}
