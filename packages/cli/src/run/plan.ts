import type { Subject } from "../report/event.js";
import type { Reporter } from "../report/reporter.js";
import type { PlannedExport } from "./exports-file.js";
import { isFilePresent, type ManifestEntry, type RunManifest } from "./manifest.js";

/** An export to start, or a job of an earlier run to resume. */
export interface RunTask {
  readonly entry: ManifestEntry;
  /** The request of the export; undefined for a job that the exports file no longer names. */
  readonly planned?: PlannedExport;
}

/** The work of a run. */
export interface RunPlan {
  readonly tasks: readonly RunTask[];
  /** A line for each export that is not started, because an earlier start may have created its job. */
  readonly refusals: readonly string[];
}

/** Decides what a run has to do, from the exports file and the results of earlier runs. */
export function planRun(
  planned: readonly PlannedExport[],
  manifest: RunManifest,
  again: readonly string[],
  reporter: Reporter,
): RunPlan {
  const tasks: RunTask[] = [];
  const refusals: string[] = [];
  for (const one of planned) {
    const before = manifest.entries.find(({ fingerprint }) => fingerprint === one.fingerprint);
    const subject: Subject = {
      name: one.name,
      vendor: one.vendor.manifest.vendor,
      workflow: one.workflow.id,
    };
    if (before === undefined || again.includes(one.name) || needsStart(before)) {
      tasks.push({ entry: newEntry(one), planned: one });
    } else if (before.state === "running") {
      tasks.push({ entry: before, planned: one });
    } else if (before.state === "done") {
      reporter.report(subject, { type: "skipped", message: `done at ${before.endedAt}: ${before.file}` });
    } else {
      reporter.report(subject, { type: "skipped", message: "unanswered start" });
      refusals.push(
        `${one.name}: an earlier run was not told whether ${subject.vendor} took it. Look there, then: --again "${one.name}"`,
      );
    }
  }
  return { tasks: [...tasks, ...leftoverTasks(planned, manifest)], refusals };
}

/** True if an earlier run failed, or if its file is gone. */
function needsStart(before: ManifestEntry): boolean {
  return before.state === "failed" || (before.state === "done" && !isFilePresent(before));
}

/** The running jobs of earlier runs whose request or target has changed since. */
function leftoverTasks(planned: readonly PlannedExport[], { entries }: RunManifest): RunTask[] {
  const fingerprints = new Set(planned.map(({ fingerprint }) => fingerprint));
  return entries
    .filter(({ state, fingerprint }) => state === "running" && !fingerprints.has(fingerprint))
    .map((entry) => ({ entry: { ...entry, name: `${entry.name} (${entry.startedAt.slice(0, 10)})` } }));
}

function newEntry({
  name,
  fingerprint,
  vendor,
  workflow,
  profile,
  options,
  target,
  decompress,
  parts,
}: PlannedExport): ManifestEntry {
  return {
    name,
    fingerprint,
    vendor: vendor.manifest.vendor,
    workflow: workflow.id,
    // Until its start is sent: what fails before, such as a missing credential, is started by the next run.
    state: "failed",
    ...(profile === undefined ? {} : { profile }),
    options,
    target,
    ...(decompress === undefined ? {} : { decompress }),
    ...(parts === undefined ? {} : { parts }),
    startedAt: new Date().toISOString(),
  };
}
