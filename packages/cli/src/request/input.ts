import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";

/**
 * The request in a file of JSON or YAML, or on standard input where the file is `-`.
 * @throws {UsageError} where there is none
 */
export async function readInput(file: string, io: Io): Promise<Record<string, unknown>> {
  const value = await readDocument(file, io);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError(`${nameOf(file)} holds no request: an object of fields is expected`);
  return value as Record<string, unknown>; // looked at just now
}

/**
 * A document of JSON or YAML (which JSON is a part of).
 * @throws {UsageError} where it cannot be read
 */
export async function readDocument(file: string, io: Io): Promise<unknown> {
  let text: string;
  try {
    text = file === "-" ? await readAll(io.stdin) : readFileSync(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${nameOf(file)}: ${(error as NodeJS.ErrnoException).code ?? error}`); // node:fs throws these
  }
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) {
    const line = problem.linePos?.[0]?.line;
    throw new UsageError(
      `${nameOf(file)}${line ? `:${line}` : ""} is neither JSON nor YAML: ${problem.message.split("\n")[0]}`,
    );
  }
  return document.toJS();
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) text += chunk;
  return text;
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

/** Lays one request over another: objects field by field, all else whole. */
export function overlay(under: unknown, over: unknown): unknown {
  if (!isObject(under) || !isObject(over)) return over === undefined ? under : over;
  const merged: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) merged[name] = overlay(under[name], value);
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
