import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../errors/command-error.js";
import { reasonOf } from "../errors/system-reason.js";
import type { Io } from "../terminal/io.js";

/**
 * Parses a JSON or YAML file, or standard input if the file is `-`.
 * @throws {UsageError} if the file cannot be read or parsed
 */
export async function readDocument(file: string, io: Io): Promise<unknown> {
  let text: string;
  try {
    text = file === "-" ? await readAll(io.stdin) : readFileSync(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${displayName(file)}: ${reasonOf(error)}`);
  }
  const { parseDocument } = await import("yaml"); // YAML contains JSON
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) {
    const line = problem.linePos?.[0]?.line;
    throw new UsageError(
      `${displayName(file)}${line ? `:${line}` : ""} is neither JSON nor YAML: ${problem.message.split("\n")[0]}`,
    );
  }
  try {
    return document.toJS();
  } catch (error) {
    // An alias without its anchor, or aliases that grow beyond measure.
    throw new UsageError(
      `${displayName(file)} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** The name of a file in a message. */
export function displayName(file: string): string {
  return file === "-" ? "standard input" : file;
}

/** True if a value is an object and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) text += chunk;
  return text;
}
