import type { OuthaulError } from "../errors/outhaul-error.js";
import type { DownloadOptions, SaveOptions } from "../file/options.js";
import type { Download, SavedFile, SaveTarget } from "../file/result.js";

/** Where an export stands. `unknown`: the vendor said a word that its documents do not have. */
export type JobState = "queued" | "running" | "succeeded" | "failed" | "cancelled" | "expired" | "unknown";

/** What is known of how far an export is, in the vendor's own unit (rows, files, …). */
export interface JobProgress {
  done?: number;
  total?: number;
  /** Between 0 and 1, when `done` and `total` are known. */
  fraction?: number;
}

/** Why the vendor says that a job failed. */
export interface VendorErrorInfo {
  message: string;
  code?: string;
}

/** What was last heard of a job. */
export interface JobSnapshot<Raw = unknown> {
  readonly id: string;
  readonly state: JobState;
  /** The vendor's own word for the state. */
  readonly rawStatus?: string;
  /** The body of the vendor's last readable reply. */
  readonly raw?: Raw;
  readonly progress?: JobProgress;
  readonly createdAt: Date;
  readonly polledAt?: Date;
  /** How many status requests were sent by this process. */
  readonly polls: number;
  /** When the next poll is due; absent once the job has ended. */
  readonly nextPollAt?: Date;
  readonly error?: VendorErrorInfo;
}

/** How long to wait before the next poll, in milliseconds. */
export type Schedule = (job: { elapsedMs: number; polls: number; progress?: JobProgress }) => number;

/** How much silence and nonsense a wait bears before it gives up. The job itself is never harmed by it. */
export interface Tolerance {
  /**
   * How long an unbroken row of failed polls may last, in milliseconds.
   * @default 600_000
   */
  failuresMs?: number;
  /**
   * How long the vendor may answer with words that its documents do not have, in milliseconds.
   * @default 900_000
   */
  unknownMs?: number;
  /**
   * How long after its creation a job may be unknown to the vendor (404), in milliseconds.
   * @default 60_000
   */
  notFoundMs?: number;
}

/** How to wait for a job. */
export interface WaitOptions {
  /** Stops this wait at once; it rejects with `signal.reason`. The vendor's job goes on, unless `onAbort` says otherwise. */
  signal?: AbortSignal;
  /**
   * The deadline of this wait in milliseconds from now. At the deadline the job is looked at once more; then the wait rejects with a
   * {@link TimeoutError} that carries the resume token.
   * @default none
   */
  timeoutMs?: number;
  /**
   * How long to wait before the next poll. Your own schedule is taken as it is; the vendor's `Retry-After` is kept in any case.
   * @default a fifth of the time since the job's creation, at least 1 s and at most 60 s, ±10 %, and no shorter than the vendor advises
   */
  schedule?: Schedule;
  tolerance?: Tolerance;
  /**
   * Whether the vendor's job is cancelled when the deadline passes. Where the vendor cannot, `"cancel"` is refused with an {@link UnsupportedError}.
   * @default "detach"
   */
  onTimeout?: "detach" | "cancel";
  /**
   * Whether the vendor's job is cancelled when `signal` is aborted. Where the vendor cannot, `"cancel"` is refused with an {@link UnsupportedError}.
   * @default "detach"
   */
  onAbort?: "detach" | "cancel";
}

/** What came of the wish to cancel. */
export type CancelOutcome = "cancelled" | "requested" | "tooLate" | "gone" | "unsupported";

/** What happens to a job, in order. The first events tell what is known already; `end` is the last. */
export type JobEvent<Raw = unknown> =
  | {
      readonly type: "created";
      readonly snapshot: JobSnapshot<Raw> /** The create's reply was lost and the job was found again. */;
      readonly adopted: boolean;
    }
  | { readonly type: "status"; readonly snapshot: JobSnapshot<Raw> }
  | { readonly type: "progress"; readonly snapshot: JobSnapshot<Raw> }
  | { readonly type: "unknown"; readonly snapshot: JobSnapshot<Raw>; readonly rawStatus: string }
  | {
      readonly type: "pollFailed";
      readonly snapshot: JobSnapshot<Raw>;
      readonly error: OuthaulError /** How many polls have failed in a row. */;
      readonly streak: number;
    }
  | { readonly type: "end"; readonly snapshot: JobSnapshot<Raw>; readonly error?: OuthaulError };

/**
 * One export at the vendor, seen from here. It is no promise: returning it from an async function gives the job itself.
 */
export interface ExportJob<Raw = unknown> {
  readonly vendor: string;
  readonly workflow: string;
  /** The vendor's id of the job; where it gives none, the unique name that the client gave the job. */
  readonly id: string;
  /** Enough for another process to go on with `client.resume(token)`. Holds no secret; changes only when the job's state does. */
  readonly token: string;
  /** What was last heard; asks nobody. */
  readonly snapshot: JobSnapshot<Raw>;
  /**
   * Asks the vendor once. `snapshot.nextPollAt` says when to come back. A job that has ended is not asked about again.
   * @throws {@link ApiError}, {@link ConnectionError}, {@link ProtocolError} when there was no useful answer
   */
  refresh(options?: { signal?: AbortSignal }): Promise<JobSnapshot<Raw>>;
  /**
   * Waits until the job has succeeded. Any number of waits share one row of polls.
   * @throws {@link JobFailedError}, {@link JobCancelledError}, {@link JobExpiredError}, {@link JobGoneError} when it ended otherwise;
   * {@link TimeoutError}, {@link PollFailedError}, {@link UnknownStatusError} when this wait gave up on a job that may go on;
   * {@link ApiError} when the vendor refuses to tell; `signal.reason` when aborted
   */
  wait(options?: WaitOptions): Promise<JobSnapshot<Raw>>;
  /**
   * What happens to the job until it ends, beginning with what is known. Iterating waits like {@link ExportJob.wait}, and throws what it throws when it gives
   * up; a job that failed ends with the `end` event.
   */
  events(options?: WaitOptions): AsyncIterable<JobEvent<Raw>>;
  /** Waits, then opens the file. @throws what {@link ExportJob.wait} throws; {@link DownloadError} */
  download(options?: WaitOptions & DownloadOptions): Promise<Download>;
  /**
   * Waits, downloads, checks, and only then puts the file under its name. A target that cannot be written is told before the wait.
   * @param to a file or a directory (ending in `/`, or existing), a WritableStream, or a browser's file handle
   * @throws what {@link ExportJob.wait} throws; {@link DownloadError}
   */
  save(to: SaveTarget, options?: WaitOptions & SaveOptions): Promise<SavedFile>;
  /**
   * Asks the vendor to stop the job. `cancelled`: it has stopped. `requested`: it was asked, and has not said more within 30 s. `tooLate`: it had ended before.
   * `gone`: the vendor does not know the job. `unsupported`: the vendor cannot; nothing was sent.
   * @throws {@link ApiError}, {@link ConnectionError} when the vendor could not be asked
   */
  cancel(options?: { signal?: AbortSignal }): Promise<CancelOutcome>;
}
