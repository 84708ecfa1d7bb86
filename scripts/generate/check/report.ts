import type { Arazzo } from "../arazzo.js";
import type { Diagnostic } from "../diagnostic.js";
import type { Spec } from "../load.js";
import type { OpenApi } from "../openapi.js";
import type { Operation } from "../operations.js";
import type { VendorOptions } from "../options.js";
import type { Rule } from "../rules.js";
import type { Path, Source } from "../source.js";

/** What a check says of a place in a file. */
export type Report = (path: Path, rule: Rule, message: string, hint: string) => void;

/** What the checks of openapi.yaml look at. */
export interface OpenApiContext {
  readonly spec: Spec;
  readonly document: OpenApi;
  readonly operations: readonly Operation[];
  readonly options: VendorOptions;
  readonly report: Report;
}

/** What the checks of exports.arazzo.yaml look at; they report on that file. */
export interface ArazzoContext extends Omit<OpenApiContext, "operations"> {
  readonly arazzo: Arazzo;
  readonly operations: ReadonlyMap<string, Operation>;
}

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
