import { statSync } from "node:fs";
import { resolve } from "node:path";
import { CreateAmbiguousError, checkTarget, type ExportJob } from "@outhaul/shared";
import { type AnyClient, connect } from "../client/connect.js";
import { UsageError } from "../errors/command-error.js";
import { exitCodeOf } from "../errors/exit-code.js";
import { type JobNote, saveJob } from "../job/save.js";
import { jobTarget } from "../job/target.js";
import { type WaitFlags, waitOptions } from "../job/wait-flags.js";
import { createReporter } from "../report/reporter.js";
import { type PlannedExport, readExportsFile } from "../run/exports-file.js";
import { type ManifestEntry, openRunManifest, type RunManifest } from "../run/manifest.js";
import { failureOf, printFailure } from "../terminal/failure.js";
import { listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { installedVendor } from "../vendors/installed.js";

/** What the flags of a run say. */
export interface RunFlags extends WaitFlags {
  readonly manifest: string;
  readonly again?: readonly string[];
}

/** What is to be done: a new export, or one of an earlier run that has not come home. */
interface Task {
  readonly entry: ManifestEntry;
  readonly planned?: PlannedExport;
}

/** Runs the exports of a file, all at once under the limits of each account; what is done is not done again. */
export async function runFile(file: string, flags: RunFlags, io: Io): Promise<void> {
  const planned = await readExportsFile(file, new Date(), io);
  const unknown = (flags.again ?? []).filter((name) => !planned.some((one) => one.name === name));
  if (unknown.length)
    throw new UsageError(...unknown.map((name) => `--again: ${file} has no export "${name}"`));
  const options = waitOptions(flags);
  for (const { target } of planned)
    if (!target.includes("{id}"))
      await checkTarget(jobTarget(target, "").to, { ...options, overwrite: "replace" });

  const path = resolve(
    io.cwd,
    flags.manifest === "<file>.manifest.json" ? `${file}.manifest.json` : flags.manifest,
  );
  const lost = new AbortController();
  const manifest = await openRunManifest(path, () =>
    lost.abort(new Error(`another process has taken ${path} over, as this one did not move for 15 s`)),
  );
  const interrupt = listenForInterrupt();
  const signal = AbortSignal.any([interrupt.signal, lost.signal]);
  const reporter = createReporter(io, flags);
  const clients = new Map<string, Promise<AnyClient>>();
  const clientOf = (vendor: string, given: Readonly<Record<string, string>>): Promise<AnyClient> => {
    const key = JSON.stringify([vendor, given]);
    const made = clients.get(key) ?? connect(installedVendor(vendor, io.cwd), given, io, false);
    clients.set(key, made);
    return made;
  };

  async function perform({ entry: first, planned: wanted }: Task): Promise<void> {
    let entry = first;
    const { name, vendor, workflow } = entry;
    const subject = { name, vendor, workflow };
    const put = (more: Partial<ManifestEntry>) => {
      entry = { ...entry, ...more };
      manifest.put(entry);
    };
    try {
      const client = await clientOf(vendor, entry.options);
      let job: ExportJob;
      if (entry.token !== undefined) {
        job = client.resume(entry.token);
        reporter.tell(subject, { type: "resumed", id: job.id, token: job.token });
      } else {
        signal.throwIfAborted();
        put({ state: "starting" });
        job = await start(client, workflow, wanted?.request ?? {}, signal, () => put({ state: "failed" }));
        put({ state: "running", id: job.id, token: job.token });
        reporter.tell(subject, { type: "started", id: job.id, token: job.token });
      }
      const record = jobEntry(put);
      const { cancelOnInterrupt = false } = flags;
      try {
        const {
          path: saved,
          sizeBytes,
          sha256,
          integrity,
        } = await saveJob(job, record, subject, reporter, {
          target: jobTarget(entry.target, job.id),
          options: { ...options, sha256: true },
          ...{ signal, cancelOnInterrupt, stdout: io.stdout },
        });
        const end = { state: "done", endedAt: new Date().toISOString(), sizeBytes, integrity } as const;
        put({
          ...end,
          ...(saved === undefined ? {} : { file: saved }),
          ...(sha256 === undefined ? {} : { sha256 }),
        });
        if (saved !== undefined && !flags.json) reporter.say(saved);
      } catch (error) {
        if (!record.isKept) put({ state: "failed", endedAt: new Date().toISOString() });
        throw error;
      }
    } catch (error) {
      const failure = failureOf(error);
      put({ error: failure.message });
      reporter.tell(subject, { type: "error", ...failure });
      throw error;
    }
  }

  try {
    const tasks: Task[] = [];
    const refused: string[] = [];
    for (const one of planned) {
      const before = manifest.entries.find(({ fingerprint }) => fingerprint === one.fingerprint);
      const subject = { name: one.name, vendor: one.vendor.manifest.vendor, workflow: one.workflow.id };
      if (flags.again?.includes(one.name) || !before || before.state === "failed") {
        tasks.push({ entry: newEntry(one), planned: one });
      } else if (before.state === "done" && isThere(before)) {
        reporter.tell(subject, { type: "skipped", message: `done at ${before.endedAt}: ${before.file}` });
      } else if (before.state === "starting") {
        const message = `${one.name}: an earlier run was not told whether ${subject.vendor} took it. Look there, then: --again "${one.name}"`;
        reporter.tell(subject, { type: "skipped", message: "unanswered start" });
        refused.push(message);
      } else if (before.state === "done")
        tasks.push({ entry: newEntry(one), planned: one }); // its file is gone
      else tasks.push({ entry: before, planned: one });
    }
    // What an earlier run has left of another day or request comes home as well.
    const wanted = new Set(planned.map(({ fingerprint }) => fingerprint));
    for (const entry of manifest.entries)
      if (entry.state === "running" && !wanted.has(entry.fingerprint))
        tasks.push({ entry: { ...entry, name: `${entry.name} (${entry.startedAt.slice(0, 10)})` } });

    const results = await Promise.allSettled(tasks.map(perform));
    reporter.done();
    end(results, refused, signal, io, manifest);
  } finally {
    interrupt.dispose();
    await manifest.release();
  }
}

/** Starts a job; where it is certain that none exists, its note goes. */
async function start(
  client: AnyClient,
  workflow: string,
  request: object,
  signal: AbortSignal,
  onRefusal: () => void,
): Promise<ExportJob> {
  try {
    return await client.start(workflow, request, { signal });
  } catch (error) {
    if (!signal.aborted && !CreateAmbiguousError.isInstance(error)) onRefusal();
    throw error;
  }
}

function end(
  results: readonly PromiseSettledResult<void>[],
  refused: readonly string[],
  signal: AbortSignal,
  io: Io,
  manifest: RunManifest,
): void {
  const failures = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  if (signal.aborted) {
    const running = manifest.entries.filter(({ state }) => state === "running").length;
    if (running)
      io.stderr.write(`outhaul: ${running} exports go on; run the same command again to bring them home\n`);
    throw signal.reason;
  }
  if (refused.length) failures.push(new UsageError(...refused));
  if (failures.length === 0) return;
  const codes = new Set(failures.map(exitCodeOf));
  const last = failures.pop();
  for (const failure of failures) printFailure(failure, io);
  // One kind of failure keeps its code; of several, the exit code says only that not all is done.
  if (codes.size === 1) throw last;
  printFailure(last, io);
  throw new Error("not all exports are done");
}

function newEntry({ name, fingerprint, vendor, workflow, options, target }: PlannedExport): ManifestEntry {
  const startedAt = new Date().toISOString();
  return {
    ...{ name, fingerprint, vendor: vendor.manifest.vendor, workflow: workflow.id },
    ...{ state: "starting", options, target, startedAt },
  };
}

/** Whether the file of a finished export still stands where it was put, as long as it was. */
function isThere({ file, sizeBytes }: ManifestEntry): boolean {
  if (file === undefined) return false;
  try {
    return statSync(file).size === sizeBytes;
  } catch {
    return false;
  }
}

/** The manifest as the place where a job's token is kept. */
function jobEntry(put: (more: Partial<ManifestEntry>) => void): JobNote {
  let isKept = true;
  return {
    get isKept() {
      return isKept;
    },
    update: ({ token, error }) =>
      put({ ...(token === undefined ? {} : { token }), ...(error === undefined ? {} : { error }) }),
    remove() {
      isKept = false;
    },
  };
}
