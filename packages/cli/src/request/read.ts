import type { Manifest, ManifestOperation } from "@outhaul/spec";
import type { Command } from "commander";
import { UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { createRequestCheck } from "./check.js";
import { displayName, isObject, readDocument } from "./document.js";
import { type RequestFlag, requestFromFlags } from "./flags.js";

/** The source of a request. */
export interface RequestSource {
  /** The parsed command, which has the flags. */
  readonly command: Command;
  readonly flags: readonly RequestFlag[];
  /** The `--input` file. */
  readonly input: string | undefined;
  /** Fields that always have the same value. */
  readonly constants?: Readonly<Record<string, unknown>>;
}

/**
 * Reads the request of an operation: the `--input` file, with the flags merged over it.
 * @throws {UsageError} with one line for each mistake
 */
export async function readRequest(
  manifest: Manifest,
  operation: ManifestOperation,
  { command, flags, input, constants = {} }: RequestSource,
  io: Io,
): Promise<Record<string, unknown>> {
  const { request: fromFlags, problems } = requestFromFlags(command, flags);
  const base = input === undefined ? {} : await readInput(input, io);
  const request = mergeObjects(base, fromFlags);
  // A flag with an invalid value is already reported, and would be reported as missing as well.
  const reported = new Set(problems.map(firstWord));
  const lines = createRequestCheck(
    manifest,
    operation,
    flags,
  )({ ...request, ...constants }).filter((line) => !reported.has(firstWord(line)));
  if (problems.length + lines.length > 0) throw new UsageError(...problems, ...lines);
  return request;
}

async function readInput(file: string, io: Io): Promise<Record<string, unknown>> {
  const value = await readDocument(file, io);
  if (!isObject(value))
    throw new UsageError(`${displayName(file)} holds no request: an object of fields is expected`);
  return value;
}

/** Merges one object over another. Nested objects are merged, every other value is replaced. */
function mergeObjects(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const before = base[name];
    if (isObject(before) && isObject(value)) merged[name] = mergeObjects(before, value);
    else if (value !== undefined) merged[name] = value;
  }
  return merged;
}

function firstWord(line: string): string | undefined {
  return line.split(" ")[0];
}
