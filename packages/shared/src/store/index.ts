// `@outhaul/shared/store`: exports over several runs of a program.
export { type ExportOnceOptions, exportOnce } from "./export-once.js";
export type { ExportRecord, ExportStore } from "./export-store.js";
export { createFileStore } from "./file-store.js";
