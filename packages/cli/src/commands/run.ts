import { setMaxListeners } from "node:events";
import { resolve } from "node:path";
import { createClientPool } from "../client/pool.js";
import { tellTo } from "../client/trace.js";
import { UsageError } from "../errors/command-error.js";
import { exitCodeOf } from "../errors/exit-code.js";
import { prepareTarget } from "../job/prepare-target.js";
import { type SaveFlags, saveOptions } from "../job/save-flags.js";
import { createReporter } from "../report/reporter.js";
import { readExportsFile } from "../run/exports-file.js";
import { openRunManifest, type RunManifest } from "../run/manifest.js";
import { performTask } from "../run/perform.js";
import { planRun } from "../run/plan.js";
import { runSummary } from "../run/summary.js";
import { printFailure } from "../terminal/failure.js";
import { listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";

/** The flags of `outhaul run`. */
export interface RunFlags extends SaveFlags {
  readonly manifest: string;
  readonly again?: readonly string[];
  readonly allowHost?: readonly string[];
}

/**
 * Runs all exports of an exports file at once, within the rate limits of each account. Exports that an earlier run finished are skipped.
 * @throws the failure if one export failed, or an error that stands for several failures
 */
export async function runFile(file: string, flags: RunFlags, io: Io): Promise<void> {
  const { again = [], cancelOnInterrupt = false, json = false } = flags;
  const planned = await readExportsFile(file, flags.profile, new Date(), io);
  checkNames(file, again, planned);
  const options = saveOptions(flags);
  for (const { target } of planned) await prepareTarget(target, { ...options, overwrite: "replace" });

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
  setMaxListeners(0, signal); // every export listens to it
  const reporter = createReporter(io, flags);
  const clients = createClientPool(io, {
    interactive: false,
    allowedHosts: flags.allowHost ?? [],
    onEvent: tellTo(reporter, flags),
  });
  const { stdout, stderr } = io;
  const context = { clients, manifest, reporter, options, signal, cancelOnInterrupt, json, stdout, stderr };
  try {
    const { tasks, refusals } = planRun(planned, manifest, again, reporter);
    const results = await Promise.allSettled(tasks.map((task) => performTask(task, context)));
    reporter.close();
    if (!json && !flags.quiet) {
      const run = new Set(tasks.map(({ entry }) => entry.name));
      const names = [...new Set([...planned.map(({ name }) => name), ...run])];
      printLine(io.stderr, runSummary(names, manifest.entries, run, io.cwd, io.stderr.columns));
    }
    if (signal.aborted) {
      printRunning(manifest, io);
      throw signal.reason;
    }
    throwFailures(results, refusals, io);
  } finally {
    interrupt.dispose();
    await manifest.release();
  }
}

function checkNames(file: string, again: readonly string[], planned: readonly { name: string }[]): void {
  const unknown = again.filter((name) => !planned.some((one) => one.name === name));
  if (unknown.length)
    throw new UsageError(...unknown.map((name) => `--again: ${file} has no export "${name}"`));
}

function printRunning(manifest: RunManifest, io: Io): void {
  const running = manifest.entries.filter(({ state }) => state === "running").length;
  if (running)
    printLine(io.stderr, `outhaul: ${running} exports go on; run the same command again to bring them home`);
}

/** Throws the last failure and prints the others. The exit code of different failures is the general one. */
function throwFailures(
  results: readonly PromiseSettledResult<void>[],
  refusals: readonly string[],
  io: Io,
): void {
  const failures = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  if (refusals.length) failures.push(new UsageError(...refusals));
  if (failures.length === 0) return;
  const codes = new Set(failures.map(exitCodeOf));
  const last = failures.pop();
  for (const failure of failures) printFailure(failure, io);
  if (codes.size === 1) throw last;
  printFailure(last, io);
  throw new Error("not all exports are done");
}
