import type {
  DownloadOptions,
  DownloadRetry,
  DownloadTimeouts,
  FileOptions,
  SaveOptions,
} from "../file/options.js";
import type { OptionTable } from "../options/check-options.js";

/** What the options of a download may be. */
export const DOWNLOAD_OPTIONS: OptionTable<DownloadOptions> = {
  signal: "",
  expected: { sizeBytes: "number", sha256: "", md5: "" } satisfies OptionTable<
    NonNullable<DownloadOptions["expected"]>
  >,
  requireIntegrity: ["none", "framing", "length", "digest"],
  maxBytes: "number",
  minBytes: "number",
  expectType: "",
  sniff: "",
  resume: ["auto", "unsafe", false],
  onChange: "",
  timeouts: {
    headersMs: "number",
    stallMs: "number",
    totalMs: "number",
  } satisfies OptionTable<DownloadTimeouts>,
  retry: {
    attempts: "number",
    minDelayMs: "number",
    maxDelayMs: "number",
    maxElapsedMs: "number",
    maxRetryAfterMs: "number",
    unsafeMethods: "",
  } satisfies OptionTable<DownloadRetry>,
  decompress: "",
  filename: "",
  allowUrl: "",
  maxRedirects: "number",
  allowInsecureRedirect: "",
  sha256: "",
  onProgress: "",
  progressIntervalMs: "number",
  onEvent: "",
  agent: "",
};

const FILE_OPTIONS: OptionTable<FileOptions> = {
  overwrite: ["error", "replace", "rename"],
  createDirs: "",
  keepPartial: "",
  parts: "",
  fsync: "",
  mode: "number",
};

/** What the options of `save` may be. */
export const SAVE_OPTIONS: OptionTable<SaveOptions> = { ...DOWNLOAD_OPTIONS, ...FILE_OPTIONS };
