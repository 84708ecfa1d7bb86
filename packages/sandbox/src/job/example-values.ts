import { valueAt } from "@outhaul/spec";
import { type FileFormat, isFileFormat, MEDIA_TYPES } from "../file/media-type.js";
import { isObject } from "../spec/narrow.js";
import type { Job } from "./job.js";

/** A value of the examples and the job's own value that replaces it. */
export interface Replacement {
  readonly from: string | number;
  readonly to: string | number;
  /** True if the value may also be replaced inside a longer text. */
  readonly within: boolean;
}

/** The values of the examples that differ for each job: its ids, and the format of its file. */
export function replacementsOf(job: Job, file: { format: FileFormat; mediaType: string }): Replacement[] {
  const ids = job.kind.ids.flatMap(({ source, example }) => {
    const to = job.ids.get(source);
    return to === undefined ? [] : [{ from: example, to, within: String(example).length > 3 }];
  });
  const { formatField, exampleRequest } = job.kind;
  const word = formatField && valueAt(exampleRequest, formatField.pointer);
  if (typeof word !== "string") return ids;
  const mediaType = isFileFormat(word) ? MEDIA_TYPES[word] : word;
  return [
    ...ids,
    { from: word, to: file.format, within: false },
    { from: mediaType, to: file.mediaType, within: false },
  ];
}

/** Copies an example and replaces its values by the job's own. A field that repeats the example request repeats the job's request. */
export function fillExample(
  value: unknown,
  job: Job,
  replacements: readonly Replacement[],
  key?: string,
): unknown {
  const repeated = key === undefined ? undefined : repeatRequest(value, key, job);
  if (repeated !== undefined) return repeated;
  if (Array.isArray(value)) return value.map((item) => fillExample(item, job, replacements));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, fillExample(each, job, replacements, name)]),
    );
  }
  return replaceValue(value, replacements);
}

/** The job's value of a field whose example repeats the example request; undefined for another field. */
function repeatRequest(value: unknown, key: string, job: Job): unknown {
  const requested = job.request[key];
  const example = job.kind.exampleRequest[key];
  if (requested === undefined || example === undefined) return undefined;
  if (JSON.stringify(value) === JSON.stringify(example)) return requested;
  if (!isText(value) || !isText(example) || !isText(requested)) return undefined;
  return example !== "" && value.includes(example) ? value.replace(example, () => requested) : undefined;
}

function replaceValue(value: unknown, replacements: readonly Replacement[]): unknown {
  for (const { from, to, within } of replacements) {
    if (String(value) === String(from)) return typeof value === "number" ? toNumber(to) : String(to);
    if (within && isText(value)) {
      const word = new RegExp(`(?<![A-Za-z0-9])${escapePattern(String(from))}(?![A-Za-z0-9])`, "g");
      if (word.test(value)) return value.replace(word, String(to));
    }
  }
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function toNumber(value: string | number): string | number {
  return Number.isNaN(Number(value)) ? value : Number(value);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
