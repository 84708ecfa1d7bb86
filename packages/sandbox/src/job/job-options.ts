import type { FileFormat } from "../file/media-type.js";

/** The end of a job. */
export type Outcome = "succeeded" | "empty" | "failed" | "cancelled" | "expired";

/** The behaviour of exports: of all, of those of a vendor, or of one. */
export interface JobOptions {
  /** The number of polls that answer "not yet". Wins over {@link JobOptions.durationMs}. @default 2 */
  readonly polls?: number;
  /** The duration of a job in milliseconds of the sandbox's clock. Used if `polls` is not given. */
  readonly durationMs?: number;
  /** The approximate size of the file: it ends with the row that reaches it. A PDF is always small. @default 65536 */
  readonly sizeBytes?: number;
  /** The number of CSV files in a ZIP. @default 1 */
  readonly files?: number;
  /** The number of parts of a file that comes as a list of files or in pages. @default 3 */
  readonly parts?: number;
  /** The format of the file. @default the one that the request and the spec name */
  readonly format?: FileFormat;
  /** Whether the file is gzip. @default as the spec says */
  readonly gzip?: boolean;
  /** The `Content-Type` of the file. @default the media type of its format */
  readonly mediaType?: string;
  /** The end of the job. A job that should fail never ends if the vendor documents no failure. @default "succeeded" */
  readonly outcome?: Outcome;
  /** The reason of a failed job, if the vendor has a field for it. */
  readonly failureReason?: string;
  /** The variant of the examples to answer with: `jobs` selects `running-jobs` instead of `running`. */
  readonly form?: string;
}

/** The options of a job that ends in a failure. */
export function withOutcome(
  options: JobOptions,
  { outcome = "failed", failureReason }: Pick<JobOptions, "outcome" | "failureReason">,
): JobOptions {
  return { ...options, outcome, ...(failureReason !== undefined && { failureReason }) };
}

/** The schema of {@link JobOptions} that are posted to the sandbox. */
export const jobOptionsSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    polls: { type: "integer", minimum: 0 },
    durationMs: { type: "number", minimum: 0 },
    sizeBytes: { type: "integer", minimum: 0 },
    files: { type: "integer", minimum: 1 },
    parts: { type: "integer", minimum: 1 },
    format: { enum: ["csv", "json", "xlsx", "zip", "pdf"] },
    gzip: { type: "boolean" },
    mediaType: { type: "string" },
    outcome: { enum: ["succeeded", "empty", "failed", "cancelled", "expired"] },
    failureReason: { type: "string" },
    form: { type: "string" },
  },
} as const;
