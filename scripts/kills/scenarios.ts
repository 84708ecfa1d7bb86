/** A way to save, which has to survive the kill of its process. */
export interface Scenario {
  readonly name: string;
  readonly options: {
    keepPartial?: boolean;
    overwrite?: "replace" | "rename";
    fsync?: boolean;
    parts?: "join" | "apart";
  };
  /** How the parts of a file are told of. */
  readonly kind?: "list" | "pages";
  /** Whether the name is taken by an older version before. */
  readonly older: boolean;
  /** Whether the source has another version when it is run again. */
  readonly changes?: boolean;
}

/** The ways to save that are killed. */
export const scenarios: Scenario[] = [
  { name: "a new file", options: {}, older: false },
  { name: "a new file, flushed", options: { fsync: true }, older: false },
  { name: "in place of an older one", options: { overwrite: "replace" }, older: true },
  { name: "beside an older one", options: { overwrite: "rename" }, older: true },
  { name: "a new file, kept", options: { keepPartial: true }, older: false },
  {
    name: "kept, in place of an older one",
    options: { keepPartial: true, overwrite: "replace" },
    older: true,
  },
  { name: "kept, beside an older one", options: { keepPartial: true, overwrite: "rename" }, older: true },
  { name: "kept, of a source that changes", options: { keepPartial: true }, older: false, changes: true },
  {
    name: "kept, in place of an older one, of a source that changes",
    options: { keepPartial: true, overwrite: "replace" },
    older: true,
    changes: true,
  },
  {
    name: "kept, beside an older one, of a source that changes",
    options: { keepPartial: true, overwrite: "rename" },
    older: true,
    changes: true,
  },
];

for (const parts of ["join", "apart"] as const) {
  for (const overwrite of [undefined, "replace", "rename"] as const) {
    for (const keepPartial of [false, true]) {
      const kind = overwrite === "rename" ? "pages" : "list";
      scenarios.push({
        name: `parts, ${kind}, ${parts}, ${overwrite ?? "new"}${keepPartial ? ", kept" : ""}`,
        kind,
        options: { parts, keepPartial, ...(overwrite && { overwrite }) },
        older: overwrite !== undefined,
        changes: keepPartial && overwrite === "replace",
      });
    }
  }
}
scenarios.push({
  name: "parts, pages, apart, new, kept",
  kind: "pages",
  options: { parts: "apart", keepPartial: true },
  older: false,
});
