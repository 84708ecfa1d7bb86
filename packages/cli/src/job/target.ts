import { resolve, sep } from "node:path";
import type { SaveOptions } from "@outhaul/shared";
import { UsageError } from "../errors/command-error.js";

/** Where a file goes. */
export interface SaveTarget {
  /** A path for `job.save`; a directory ends with a slash. */
  readonly to: string;
  /** Names the file in the directory. */
  readonly filename?: NonNullable<SaveOptions["filename"]>;
}

/** What stands in the places of an output template. */
export interface TargetFacts {
  readonly vendor: string;
  readonly workflow: string;
  /** When the export was started; `{date}` and `{time}` are the local ones. */
  readonly startedAt: Date;
  /** What the path is relative to. */
  readonly cwd: string;
}

const KNOWN = ["date", "time", "vendor", "workflow", "id", "filename"];

/**
 * Fills what is known when an export is started into an output template, and makes it absolute; `{id}` and `{filename}` stay.
 * @throws {UsageError} for a place that there is not
 */
export function startTarget(template: string, { vendor, workflow, startedAt, cwd }: TargetFacts): string {
  if (template.trim() === "") throw new UsageError("--output is empty");
  const slash = Math.max(template.lastIndexOf("/"), template.lastIndexOf(sep));
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${startedAt.getFullYear()}-${two(startedAt.getMonth() + 1)}-${two(startedAt.getDate())}`;
  const time = `${two(startedAt.getHours())}${two(startedAt.getMinutes())}${two(startedAt.getSeconds())}`;
  const values: Record<string, string> = { date, time, vendor, workflow };
  const filled = template.replace(/\{(\w*)\}/g, (place, name: string, at: number) => {
    if (!KNOWN.includes(name))
      throw new UsageError(
        `--output: there is no ${place}; there are ${KNOWN.map((one) => `{${one}}`).join(", ")}`,
      );
    if (name === "filename" && at < slash)
      throw new UsageError("--output: {filename} goes into the last part of the path");
    return values[name] ?? place;
  });
  return absolute(filled, cwd);
}

/** The target of a job, from what {@link startTarget} gave. */
export function jobTarget(filled: string, id: string): SaveTarget {
  const text = filled.replaceAll("{id}", () => id.replace(/[^\w.-]/g, "_"));
  if (!text.includes("{filename}")) return { to: text };
  const cut = Math.max(text.lastIndexOf("/"), text.lastIndexOf(sep)) + 1;
  const name = text.slice(cut);
  return {
    to: text.slice(0, cut),
    filename: ({ suggested }) => name.replaceAll("{filename}", () => suggested),
  };
}

/** An absolute path that still says whether it is a directory. */
function absolute(path: string, cwd: string): string {
  return resolve(cwd, path) + (/[/\\]$/.test(path) || /(^|[/\\])\.{1,2}$/.test(path) ? "/" : "");
}
