import type { Path } from "@outhaul/spec";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Rule } from "../../diagnostics/rules.js";
import type { Source } from "../../load/source.js";

/** Reports a mistake at a path of a file. */
export type Report = (path: Path, rule: Rule, message: string, hint: string) => void;

/** Creates a report that adds diagnostics of one file to a list. */
export function reporter(source: Source, diagnostics: Diagnostic[]): Report {
  return (path, rule, message, hint) => {
    diagnostics.push({ file: source.file, line: source.lineOf(path), rule, message, hint });
  };
}

/** Wraps a report so that it can be asked if it was used. */
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
