import type { Rule } from "../../diagnostics/rules.js";

/** One of the two files of a spec. */
export type File = "openapi" | "arazzo";

/** One way to break a rule: what is replaced in which file, and a text in the line that the diagnostic names. */
export interface Mistake {
  readonly vendor?: "acme" | "globex";
  readonly file: File;
  readonly from: string | RegExp;
  readonly to: string;
  /** Another change that the mistake needs. */
  readonly and?: Pick<Mistake, "file" | "from" | "to">;
  /** The line is that of this text in the changed file. */
  readonly at: string;
  /** Where the diagnostic is in the other file. */
  readonly in?: File;
  readonly message: string;
}

/** Mistakes, by the rule that they break. */
export type Mistakes = Partial<Record<Rule, readonly Mistake[]>>;
