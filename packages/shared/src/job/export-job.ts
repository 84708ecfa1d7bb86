import type { DownloadOptions, SaveOptions } from "../file/options.js";
import type { Download, SavedFile, SaveTarget } from "../file/result.js";
import type { WaitOptions } from "../polling/wait-options.js";
import type { JobEvent, JobSnapshot } from "../record/types.js";

/** How {@link ExportJob.save} saves. */
export interface JobSaveOptions extends WaitOptions, SaveOptions {
  /**
   * What is done when the vendor had nothing to export. `skip`: nothing is written, and an older file of the name stays; the result has
   * `empty: true` and no `path`. `file`: an empty file is written, as any other would be. `error`: a {@link JobEmptyError}.
   * @default "skip"
   */
  ifEmpty?: "skip" | "file" | "error" | undefined;
}

/** The result of {@link ExportJob.cancel}. */
export type CancelOutcome = "cancelled" | "requested" | "refused" | "tooLate" | "gone" | "unsupported";

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
  /** The last known state; sends no request. */
  readonly snapshot: JobSnapshot<Raw>;
  /**
   * Asks the vendor once. `snapshot.nextPollAt` says when to come back. A job that has ended is not asked about again.
   * @throws {@link ApiError}, {@link ConnectionError}, {@link ProtocolError} when there was no useful answer
   */
  refresh(options?: { signal?: AbortSignal | undefined }): Promise<JobSnapshot<Raw>>;
  /**
   * Waits until the job has succeeded; also well, with the state `empty`, when the vendor had nothing to export. Any number of waits share one row of polls.
   * @throws {@link JobFailedError}, {@link JobCancelledError}, {@link JobExpiredError}, {@link JobGoneError} when it ended otherwise;
   * {@link TimeoutError}, {@link PollFailedError}, {@link UnknownStatusError} when this wait gave up on a job that may go on;
   * {@link ApiError} if the vendor refuses to answer; `signal.reason` when aborted
   */
  wait(options?: WaitOptions): Promise<JobSnapshot<Raw>>;
  /**
   * What happens to the job until it ends, beginning with what is known. Iterating waits like {@link ExportJob.wait}, and throws what it throws when it gives
   * up; a job that failed ends with the `end` event.
   */
  events(options?: WaitOptions): AsyncIterable<JobEvent<Raw>>;
  /** Waits, then opens the file. @throws what {@link ExportJob.wait} throws; {@link DownloadError}; {@link JobEmptyError} if there is none */
  download(options?: WaitOptions & DownloadOptions): Promise<Download>;
  /**
   * Waits, downloads, checks, and only then puts the file under its name. A target that cannot be written is reported before the wait.
   * @param to a file or a directory (ending in `/`, or existing), a WritableStream, or a browser's file handle
   * @throws what {@link ExportJob.wait} throws; {@link DownloadError}; {@link JobEmptyError} if that is asked for
   */
  save(to: SaveTarget, options?: JobSaveOptions): Promise<SavedFile>;
  /**
   * Asks the vendor to stop the job. `cancelled`: it has stopped. `requested`: it was asked, and has not said more within 30 s. `refused`: the vendor
   * says that it cannot now, and the job goes on. `tooLate`: it had ended before.
   * `gone`: the vendor does not know the job. `unsupported`: the vendor cannot; nothing was sent.
   * @throws {@link ApiError}, {@link ConnectionError} when the vendor could not be asked
   */
  cancel(options?: { signal?: AbortSignal | undefined }): Promise<CancelOutcome>;
}
