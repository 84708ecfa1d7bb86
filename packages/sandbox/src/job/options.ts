/** The types of file that the sandbox can make. */
export type FileFormat = "csv" | "json" | "xlsx" | "zip" | "pdf";

/** How a job ends. */
export type Outcome = "succeeded" | "failed" | "cancelled" | "expired";

/** How the exports of the sandbox behave. Given for all, for a vendor, or for one job. */
export interface JobOptions {
  /** How many polls answer "not yet" before the job ends. Wins over {@link JobOptions.durationMs}. @default 2 */
  readonly polls?: number;
  /** How long a job takes, in milliseconds of the sandbox's clock. Used when `polls` is not given. */
  readonly durationMs?: number;
  /** How big the file is, about: it ends with the row that reaches it. A PDF is always small. @default 65536 */
  readonly sizeBytes?: number;
  /** How many CSV files a ZIP holds. @default 1 */
  readonly files?: number;
  /** The type of the file, where it is not to be that which the request and the spec name. */
  readonly format?: FileFormat;
  /** What `Content-Type` calls the file. @default the type of the file */
  readonly mediaType?: string;
  /** How the job ends. One that fails, where the vendor documents no failure, never ends. @default "succeeded" */
  readonly outcome?: Outcome;
  /** The reason that a failed job names, where the vendor has a place for it. */
  readonly failureReason?: string;
  /** Which form of the states' examples to answer with: `jobs` takes `running-jobs` in place of `running`. */
  readonly form?: string;
}

/** The schema of {@link JobOptions}, for what comes over HTTP. */
export const jobOptionsSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    polls: { type: "integer", minimum: 0 },
    durationMs: { type: "number", minimum: 0 },
    sizeBytes: { type: "integer", minimum: 0 },
    files: { type: "integer", minimum: 1 },
    format: { enum: ["csv", "json", "xlsx", "zip", "pdf"] },
    mediaType: { type: "string" },
    outcome: { enum: ["succeeded", "failed", "cancelled", "expired"] },
    failureReason: { type: "string" },
    form: { type: "string" },
  },
} as const;
