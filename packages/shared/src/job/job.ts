import type { Connection } from "../client/connection.js";
import type { DownloadOptions } from "../file/options.js";
import type { Download, SavedFile, SaveTarget } from "../file/result.js";
import { checkOptions } from "../options/check-options.js";
import { PollLoop } from "../polling/loop.js";
import { WAIT_OPTIONS, type WaitOptions } from "../polling/wait-options.js";
import { JobGoneError } from "../record/errors.js";
import { type JobOrigin, JobRecord } from "../record/record.js";
import type { JobEvent, JobSnapshot } from "../record/types.js";
import { withJob } from "../record/with-job.js";
import { abortable } from "../time/abortable.js";
import type { FileSource } from "../transfer/source.js";
import type { Workflow } from "../workflow/workflow.js";
import { IF_EMPTY } from "./check-target.js";
import type { CancelOutcome, ExportJob, JobSaveOptions } from "./export-job.js";

/** The local handle on one export at the vendor. */
export class Job<Raw> implements ExportJob<Raw> {
  readonly #record: JobRecord<Raw>;
  readonly #loop: PollLoop<Raw>;
  #cancelling: Promise<CancelOutcome> | undefined;

  constructor(connection: Connection, workflow: Workflow<never, Raw>, origin: JobOrigin) {
    this.#record = new JobRecord(connection, workflow, origin);
    this.#loop = new PollLoop(this.#record, () => this.cancel());
    connection.turns?.hold(this);
    // The token is known before the step is sent, and its failure shows in the state that the next poll sees.
    if (!origin.resumed) workflow.further?.send(this.#record).catch(() => {});
  }

  get vendor(): string {
    return this.#record.vendor;
  }

  get workflow(): string {
    return this.#record.workflow;
  }

  get id(): string {
    return this.#record.id;
  }

  get token(): string {
    return this.#record.token;
  }

  get snapshot(): JobSnapshot<Raw> {
    return this.#record.snapshot;
  }

  async refresh(options: { signal?: AbortSignal | undefined } = {}): Promise<JobSnapshot<Raw>> {
    this.#checkOptions("refresh", options);
    return this.#loop.wait(options, { once: true });
  }

  async wait(options: WaitOptions = {}): Promise<JobSnapshot<Raw>> {
    this.#checkOptions("wait", options);
    return this.#loop.wait(options);
  }

  events(options: WaitOptions = {}): AsyncIterable<JobEvent<Raw>> {
    this.#checkOptions("events", options);
    return {
      [Symbol.asyncIterator]: () => {
        const loaded = import("./events.js"); // many programs only wait
        const events = loaded.then(({ iterateEvents }) => iterateEvents(this.#record, this.#loop, options));
        return {
          next: async () => (await events).next(),
          return: async () => (await events).return(),
        };
      },
    };
  }

  async download(options: WaitOptions & DownloadOptions = {}): Promise<Download> {
    const { openDownload, DOWNLOAD_OPTIONS } = await import("../download/open.js"); // loaded at the first download
    this.#checkOptions("download", options, { ...WAIT_OPTIONS, ...DOWNLOAD_OPTIONS });
    const source = (await this.#waitForFile(options, "error")) as FileSource; // without a file it throws
    return this.#withJobInError(options, () => openDownload(source, options, this.#record.connection));
  }

  async save(to: SaveTarget, options: JobSaveOptions = {}): Promise<SavedFile> {
    const { checkSaveTarget, saveDownload, SAVE_OPTIONS } = await import("../download/open.js");
    this.#checkOptions("save", options, { ...WAIT_OPTIONS, ...SAVE_OPTIONS, ...IF_EMPTY });
    await this.#withJobInError(options, () => checkSaveTarget(to, options));
    const { ifEmpty = "skip" } = options;
    const source = await this.#waitForFile(options, ifEmpty);
    if (!source) return this.#record.steps.empty?.nothing as SavedFile; // without a source there is an `empty`
    const save = () => saveDownload(source, to, options, this.#record.connection);
    const saved = await this.#withJobInError(options, save);
    return this.snapshot.state === "empty" ? { ...saved, empty: true } : saved;
  }

  /** @throws {TypeError} naming the option that is wrong, with the token of the job that it leaves behind */
  #checkOptions(
    method: string,
    options: object,
    table: Parameters<typeof checkOptions>[2] = WAIT_OPTIONS,
  ): void {
    try {
      checkOptions(`job.${method}`, options, table);
    } catch (error) {
      throw withJob(error, this);
    }
  }

  /** The source of the file; without one, what `ifEmpty` says becomes of it. */
  async #waitForFile(
    options: WaitOptions,
    ifEmpty: NonNullable<JobSaveOptions["ifEmpty"]>,
  ): Promise<FileSource | undefined> {
    const { jobFileSource } = await import("./file-source.js");
    const { state } = await this.#loop.wait(options, { wantsFile: true });
    const isEmpty = state === "empty";
    const reply = isEmpty ? this.#record.steps.empty?.reply(this.#record, ifEmpty) : this.#loop.takeFile();
    if (isEmpty && !reply) return undefined;
    return jobFileSource(this.#record, reply);
  }

  /** Adds the job to the error of a download, so that its file can be fetched again. */
  async #withJobInError<T>({ signal }: WaitOptions, download: () => Promise<T>): Promise<T> {
    try {
      return await download();
    } catch (error) {
      throw signal?.aborted && error === signal.reason ? error : withJob(error, this);
    }
  }

  async cancel(options: { signal?: AbortSignal | undefined } = {}): Promise<CancelOutcome> {
    this.#checkOptions("cancel", options);
    const { signal } = options;
    signal?.throwIfAborted();
    const { ended, snapshot, steps } = this.#record;
    if (ended) {
      if (ended.error instanceof JobGoneError) return "gone";
      return snapshot.state === "cancelled" ? "cancelled" : "tooLate";
    }
    if (!steps.cancel) return "unsupported";
    this.#cancelling ??= this.#requestCancel(steps.cancel);
    return abortable(this.#cancelling, signal);
  }

  async #requestCancel(step: NonNullable<Workflow["cancel"]>): Promise<CancelOutcome> {
    const record = this.#record;
    try {
      const { cancelJob } = (await step.load()) as typeof import("./cancel.js"); // what the generator writes loads it
      return await cancelJob(this, record, step, (state) => {
        record.end(state);
        this.#loop.settleEnd();
      });
    } catch (error) {
      throw withJob(error, record);
    } finally {
      this.#cancelling = undefined;
    }
  }
}
