import type { SaveOptions, WaitOptions } from "@outhaul/shared";
import { type Command, Option } from "commander";
import { UsageError } from "../errors/command-error.js";
import { parseDuration } from "../terminal/duration.js";

/** What may become of a file in parts: one file where that is possible, one file, or a folder of them. */
export const PARTS = ["auto", "join", "apart"] as const;
export type Parts = (typeof PARTS)[number];

/** True if a value says what becomes of a file in parts. */
export function isParts(value: unknown): value is Parts {
  return (PARTS as readonly unknown[]).includes(value);
}

/** The flags of waiting for a job and saving its file, as commander parses them. */
export interface SaveFlags {
  readonly output?: string;
  readonly overwrite?: "error" | "replace" | "rename";
  readonly timeout?: string;
  readonly pollInterval?: string;
  readonly keepPartial?: boolean;
  readonly decompress?: boolean;
  readonly parts?: Parts;
  readonly sha256?: boolean;
  readonly fsync?: boolean;
  readonly requireIntegrity?: "framing" | "length" | "digest";
  readonly cancelOnInterrupt?: boolean;
  readonly profile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Adds the flags of waiting, saving and reporting to a command. */
export function addSaveFlags(command: Command, { output = true } = {}): void {
  if (output)
    command.option(
      "-o, --output <path>",
      "a file, a directory (exports/), a template ({date} {time} {vendor} {workflow} {profile} {id} {filename}), or - for stdout",
      "./",
    );
  addOverwriteFlag(command);
  command
    .option("--timeout <time>", "stop waiting after this time (90s, 15m, 2h); the export goes on")
    .option("--poll-interval <time>", "ask this often, instead of as the vendor advises")
    .option("--keep-partial", "keep what has come of a file, and go on there the next time")
    .option("--decompress", "save what is inside a gzip file, without .gz in its name")
    .addOption(
      new Option(
        "--parts <how>",
        "what becomes of a file in parts: one file, or a folder of them (default: one file where that is possible)",
      ).choices(["auto", "join", "apart"]),
    )
    .option("--sha256", "tell the file's SHA-256")
    .option("--fsync", "wait until the file is on the disk, not just in the system's memory")
    .addOption(
      new Option("--require-integrity <proof>", "refuse a file of which less was proved").choices([
        "framing",
        "length",
        "digest",
      ]),
    )
    .option("--cancel-on-interrupt", "on Ctrl-C, ask the vendor to stop the export");
  addReportFlags(command);
}

/** Adds `--overwrite`. */
export function addOverwriteFlag(command: Command): void {
  command.addOption(
    new Option("--overwrite <how>", "what happens to a file that is there already")
      .choices(["error", "replace", "rename"])
      .default("error"),
  );
}

/** Adds the flags of reporting to a command. */
export function addReportFlags(command: Command): void {
  command
    .option("--json", "tell what happens as JSON, one object a line, on stdout")
    .option("--quiet", "tell nothing but the result and errors");
  addVerboseFlag(command, "tell every request and every wait, on stderr, without secrets");
}

/** Adds `--verbose`, and `--debug` as another word for it. */
export function addVerboseFlag(command: Command, description: string): void {
  command
    .option("--verbose", description)
    .addOption(new Option("--debug").hideHelp())
    .on("option:debug", () => command.setOptionValue("verbose", true));
}

/**
 * The options for `job.save`.
 * @throws {UsageError} if a duration cannot be parsed, or if a folder is to go to stdout
 */
export function saveOptions(flags: SaveFlags): WaitOptions & SaveOptions {
  const {
    timeout,
    pollInterval,
    overwrite,
    keepPartial,
    decompress,
    parts,
    sha256,
    fsync,
    requireIntegrity,
  } = flags;
  if (flags.output === "-" && parts === "apart")
    throw new UsageError("--parts apart makes a folder, which --output - cannot take: name a folder");
  const interval = pollInterval === undefined ? undefined : parseDuration("--poll-interval", pollInterval);
  return {
    createDirs: true,
    ...(overwrite ? { overwrite } : {}),
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration("--timeout", timeout) }),
    ...(interval === undefined ? {} : { schedule: () => interval }),
    ...(keepPartial ? { keepPartial } : {}),
    ...(decompress ? { decompress } : {}),
    ...(parts ? { parts } : {}),
    ...(sha256 ? { sha256 } : {}),
    ...(fsync ? { fsync } : {}),
    ...(requireIntegrity ? { requireIntegrity } : {}),
  };
}
