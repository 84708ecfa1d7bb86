import { resolve, sep } from "node:path";
import type { SaveOptions } from "@outhaul/shared";
import { UsageError } from "../errors/command-error.js";

/** The place that a file is saved to. */
export interface SaveTarget {
  /** The path for `job.save`; a directory ends with a slash. */
  readonly to: string;
  /** Names the file in the directory. */
  readonly filename?: NonNullable<SaveOptions["filename"]>;
}

/** The values of an output template's placeholders that are known when an export starts. */
export interface TemplateValues {
  readonly vendor: string;
  readonly workflow: string;
  /** The account; without a name it is called `default`. */
  readonly profile?: string | undefined;
  /** The start of the export. `{date}` and `{time}` are in local time. */
  readonly startedAt: Date;
  /** The folder that a relative path starts from. */
  readonly cwd: string;
}

const PLACEHOLDERS = ["date", "time", "vendor", "workflow", "profile", "id", "filename"];

/**
 * Fills the placeholders of an output template that are known when an export starts, and makes it absolute. `{id}` and `{filename}` stay.
 * @throws {UsageError} if there is no such placeholder
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  if (template.trim() === "") throw new UsageError("--output is empty");
  const nameAt = lastSlash(template);
  const { vendor, workflow, profile = "default", startedAt, cwd } = values;
  const texts: Record<string, string> = { ...localTime(startedAt), vendor, workflow, profile };
  const filled = template.replace(/\{(\w*)\}/g, (placeholder, name: string, at: number) => {
    if (!PLACEHOLDERS.includes(name))
      throw new UsageError(
        `--output: there is no ${placeholder}; there are ${PLACEHOLDERS.map((one) => `{${one}}`).join(", ")}`,
      );
    if (name === "filename" && at < nameAt)
      throw new UsageError("--output: {filename} goes into the last part of the path");
    return texts[name] ?? placeholder;
  });
  return absolute(filled, cwd);
}

/** The target of a job's file, from a template that {@link fillTemplate} filled. */
export function saveTarget(template: string, id: string): SaveTarget {
  const path = template.replaceAll("{id}", () => id.replace(/[^\w.-]/g, "_"));
  if (!path.includes("{filename}")) return { to: path };
  const nameAt = lastSlash(path) + 1;
  const name = path.slice(nameAt);
  return {
    to: path.slice(0, nameAt),
    filename: ({ suggested }) => name.replaceAll("{filename}", () => suggested),
  };
}

function lastSlash(path: string): number {
  return Math.max(path.lastIndexOf("/"), path.lastIndexOf(sep));
}

function localTime(at: Date): { date: string; time: string } {
  const two = (value: number) => String(value).padStart(2, "0");
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`,
  };
}

/** An absolute path. A directory still ends with a slash. */
function absolute(path: string, cwd: string): string {
  return resolve(cwd, path) + (/[/\\]$/.test(path) || /(^|[/\\])\.{1,2}$/.test(path) ? "/" : "");
}
