import type { Fault } from "../fault/fault.js";
import type { ExportFile } from "../job/export-file.js";
import type { JobOptions } from "../job/options.js";
import type { Connection } from "../reply/connection.js";
import type { Maxima } from "../request/limits.js";
import type { RequestRecord } from "../request/log.js";

/** One vendor of the sandbox. */
export interface SandboxVendor {
  /** The name of its folder in the specs. */
  readonly name: string;
  /** Answers a request as the vendor would. */
  handler(request: Request, connection?: Connection): Promise<Response>;
  /** The options of the vendor's client that are taken as good credentials: the first alternative of the spec. */
  readonly credentials: Readonly<Record<string, string>>;
  /** All alternatives. */
  readonly credentialAlternatives: readonly Readonly<Record<string, string>>[];
  /** Samples of the options that a client has to be given to know its server. */
  readonly variables: Readonly<Record<string, string>>;
  /** The path of the vendor's server, with the samples in it. */
  readonly basePath: string;
  /** A complete request of each workflow, without the credentials. */
  readonly examples: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Lets something go wrong. */
  fault(fault: Fault): void;
  /** Sets how exports behave: the one named, or those that are started from now on. */
  configure(options: JobOptions, job?: string): void;
  jobs(): readonly JobView[];
  /** The file of an export, made anew: its size, its bytes. */
  fileOf(job: string): ExportFile;
  requests(): readonly RequestRecord[];
  maxima(): Maxima;
  /** Forgets all exports, faults, requests and counts. */
  reset(): void;
}

/** An export as the sandbox's own pages show it. */
export interface JobView {
  readonly id: string;
  /** All ids that calls name it by. */
  readonly ids: Readonly<Record<string, string | number>>;
  readonly workflow: string;
  readonly state: string;
  readonly polls: number;
  readonly createdAt: number;
  readonly options: JobOptions;
  readonly file: { readonly fileName: string; readonly mediaType: string; readonly sizeBytes: number };
}
