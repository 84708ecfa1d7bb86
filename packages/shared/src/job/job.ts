import type { Connection } from "../client/connection.js";
import { checkTarget } from "../download/check-target.js";
import { OuthaulError } from "../errors/outhaul-error.js";
import type { DownloadOptions, SaveOptions } from "../file/options.js";
import type { Download, SavedFile, SaveTarget } from "../file/result.js";
import { PollLoop } from "../polling/loop.js";
import { JobGoneError } from "../record/errors.js";
import { type JobOrigin, JobRecord } from "../record/record.js";
import type { CancelOutcome, ExportJob, JobEvent, JobSnapshot, WaitOptions } from "../record/types.js";
import { orAbort } from "../time/or-abort.js";
import type { FileSource } from "../transfer/source.js";
import type { Workflow } from "../workflow/workflow.js";
import { cancelJob } from "./cancel.js";
import { createEventQueue } from "./event-queue.js";
import { jobFile } from "./file-source.js";

/** The handle on one export at the vendor. */
export class Job<Raw> implements ExportJob<Raw> {
  readonly #record: JobRecord<Raw>;
  readonly #loop: PollLoop<Raw>;
  #cancelling: Promise<CancelOutcome> | undefined;

  constructor(connection: Connection, workflow: Workflow<never, Raw>, origin: JobOrigin) {
    this.#record = new JobRecord(connection, workflow, origin);
    this.#loop = new PollLoop(this.#record, () => this.cancel());
  }

  get vendor(): string {
    return this.#record.connection.vendor;
  }

  get workflow(): string {
    return this.#record.workflow.name;
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

  async refresh(options: { signal?: AbortSignal } = {}): Promise<JobSnapshot<Raw>> {
    return this.#loop.wait(options, { once: true });
  }

  async wait(options: WaitOptions = {}): Promise<JobSnapshot<Raw>> {
    return this.#loop.wait(options);
  }

  events(options: WaitOptions = {}): AsyncIterable<JobEvent<Raw>> {
    return { [Symbol.asyncIterator]: () => this.#iterate(options) };
  }

  async download(options: WaitOptions & DownloadOptions = {}): Promise<Download> {
    const { openDownload } = await import("../download/open.js"); // loaded by those who download
    const source = await this.#file(options);
    return this.#named(openDownload(source, options, this.#record.connection));
  }

  async save(to: SaveTarget, options: WaitOptions & SaveOptions = {}): Promise<SavedFile> {
    const { saveDownload } = await import("../download/open.js");
    await checkTarget(to, options);
    const source = await this.#file(options);
    return this.#named(saveDownload(source, to, options, this.#record.connection));
  }

  /** Waits until there is a file. */
  async #file(options: WaitOptions): Promise<FileSource> {
    const record = this.#record;
    await this.#loop.wait(options, { wantsFile: true });
    const { connection, workflow, job, fileName } = record;
    return jobFile(connection, workflow, job, record.context("download"), {
      reply: this.#loop.takeFile(),
      fileName,
    });
  }

  /** Says in the error of a download whose file it is, so that it can be fetched again. */
  async #named<T>(download: Promise<T>): Promise<T> {
    const { vendor, id: jobId, token } = this;
    return download.catch((error) => {
      if (error instanceof OuthaulError) Object.assign(error, { vendor, jobId, token });
      throw error;
    });
  }

  async cancel({ signal }: { signal?: AbortSignal } = {}): Promise<CancelOutcome> {
    signal?.throwIfAborted();
    const { ended, snapshot, workflow } = this.#record;
    if (ended)
      return ended.error instanceof JobGoneError
        ? "gone"
        : snapshot.state === "cancelled"
          ? "cancelled"
          : "tooLate";
    if (!workflow.cancel) return "unsupported";
    this.#cancelling ??= this.#askToCancel(workflow.cancel);
    return orAbort(this.#cancelling, signal);
  }

  async #askToCancel(step: NonNullable<Workflow["cancel"]>): Promise<CancelOutcome> {
    const { connection, job } = this.#record;
    try {
      return await cancelJob(this, connection, step, job, this.#record.context("cancel"), (state) => {
        this.#record.end(state);
        this.#loop.settleEnd();
      });
    } finally {
      this.#cancelling = undefined;
    }
  }

  #iterate(options: WaitOptions): AsyncIterator<JobEvent<Raw>> {
    const record = this.#record;
    const left = new AbortController();
    const waitOptions: WaitOptions = { ...options, signal: left.signal };
    const { signal } = options;
    const abort = () => left.abort(signal?.reason);
    const stop = () => {
      record.listeners = record.listeners.filter((listener) => listener !== queue.put);
      signal?.removeEventListener("abort", abort);
    };
    const queue = createEventQueue<Raw>(() => {
      stop();
      waitOptions.onAbort = "detach"; // who leaves the loop wants no more events, and nothing else
      left.abort();
    });
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    const { snapshot, ended } = record;
    queue.put({ type: "created", snapshot, adopted: record.origin.adopted ?? false });
    if (snapshot.polledAt) queue.put({ type: "status", snapshot });
    if (ended) queue.put({ type: "end", snapshot, ...ended });
    record.listeners = [...record.listeners, queue.put];
    this.#loop
      .wait(waitOptions)
      .then(
        () => queue.close(),
        (error) => queue.close(error === record.ended?.error ? undefined : error),
      )
      .finally(stop);
    return queue;
  }
}
