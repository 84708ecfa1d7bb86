import type { Fault } from "../fault/fault.js";
import type { WaitingFault } from "../fault/fault-queue.js";
import type { ExportFile } from "../job/export-file.js";
import type { JobOptions } from "../job/job-options.js";
import type { Connection } from "../reply/connection.js";
import type { Maxima } from "../request/limits.js";
import type { RequestRecord } from "../request/request-log.js";
import type { VendorSpec } from "../spec/vendor-spec.js";
import type { Change } from "./changes.js";

/** A vendor of the sandbox. */
export interface SandboxVendor {
  /** The name of the vendor's folder in the specs. */
  readonly name: string;
  /** What it is made from. */
  readonly spec: VendorSpec;
  /** Handles a request as the vendor would. */
  handler(request: Request, connection?: Connection): Promise<Response>;
  /** The accepted credentials, as options of the vendor's client: the first alternative of the spec. */
  readonly credentials: Readonly<Record<string, string>>;
  /** All alternatives of the credentials. */
  readonly credentialAlternatives: readonly Readonly<Record<string, string>>[];
  /** Samples of the options that a client needs to know its server. */
  readonly variables: Readonly<Record<string, string>>;
  /** The path of the vendor's server, with these samples in it. */
  readonly basePath: string;
  /** A complete request of each workflow, without credentials. */
  readonly examples: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /**
   * Adds a fault.
   * @throws {TypeError} if a fault of its kind has no such field
   * @throws {RangeError} if there is no such kind, or no such word for a field
   */
  fault(fault: Fault): void;
  /** The faults that are still to come. */
  faults(): readonly WaitingFault[];
  /** Removes the fault with an id, or all faults that are still to come. */
  clearFaults(id?: number): void;
  /**
   * Sets the options of one job, or of all jobs that start later.
   * @throws {TypeError} if there is no option of a name
   * @throws {RangeError} if there is no such job, or no such word for an option
   */
  configure(options: JobOptions, job?: string): void;
  /** The latest jobs, or all, the oldest first. */
  jobs(latest?: number): readonly JobView[];
  /** The file of a job; of a file in parts, the part with this number, from 0 on. @default 0 */
  fileOf(job: string, part?: number): ExportFile;
  /** The latest requests, or all that are kept, the oldest first. */
  requests(latest?: number): readonly RequestRecord[];
  maxima(): Maxima;
  /** Removes all jobs, faults, requests and counts. */
  reset(): void;
  /** Calls a function at each change from now on. @returns what ends that */
  watch(onChange: (change: Change) => void): () => void;
}

/** A job as the sandbox shows it. */
export interface JobView {
  readonly id: string;
  /** All ids of the job, by the part of the workflow that they come from. */
  readonly ids: Readonly<Record<string, string | number>>;
  readonly workflow: string;
  readonly state: string;
  /** The part that is done, from 0 to 1. */
  readonly fraction: number;
  readonly polls: number;
  readonly createdAt: number;
  readonly options: JobOptions;
  readonly file: { readonly fileName: string; readonly mediaType: string; readonly sizeBytes: number };
}
