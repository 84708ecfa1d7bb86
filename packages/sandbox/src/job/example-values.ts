import { readPointer } from "../spec/json-pointer.js";
import { isObject } from "../spec/narrow.js";
import type { Job } from "./job.js";

/** A value of the examples, and what stands in its place in a job's replies. */
export interface Replacement {
  readonly from: string | number;
  readonly to: string | number;
  /** Whether it may also be a part of a text. */
  readonly within: boolean;
}

/** What of the examples is of the job itself: its ids, and the type of its file. */
export function replacementsOf(job: Job, file: { format: string; mediaType: string }): Replacement[] {
  const ids = job.kind.ids.flatMap(({ source, example }) => {
    const to = job.ids.get(source);
    return to === undefined ? [] : [{ from: example, to, within: String(example).length > 3 }];
  });
  const { formatField, exampleRequest } = job.kind;
  const word = formatField && readPointer(exampleRequest, formatField.pointer);
  if (typeof word !== "string") return ids;
  return [
    ...ids,
    { from: word, to: file.format, within: false },
    { from: MEDIA_TYPES[word] ?? word, to: file.mediaType, within: false },
  ];
}

/** The media types of the words that stand for them in requests. */
export const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  zip: "application/zip",
  pdf: "application/pdf",
};

/** A copy of an example in which the job's own values stand. A field that the examples took from their request takes it from the job's. */
export function fillExample(
  value: unknown,
  job: Job,
  replacements: readonly Replacement[],
  key?: string,
): unknown {
  const asked = key === undefined ? undefined : job.request[key];
  const example = key === undefined ? undefined : job.kind.exampleRequest[key];
  if (asked !== undefined && example !== undefined) {
    if (JSON.stringify(value) === JSON.stringify(example)) return asked;
    if (isText(value) && isText(example) && isText(asked) && example !== "" && value.includes(example)) {
      return value.replace(example, () => asked);
    }
  }
  if (Array.isArray(value)) return value.map((item) => fillExample(item, job, replacements));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, fillExample(each, job, replacements, name)]),
    );
  }
  for (const { from, to, within } of replacements) {
    if (String(value) === String(from)) return typeof value === "number" ? numberOr(to) : String(to);
    if (within && isText(value)) {
      const token = new RegExp(`(?<![A-Za-z0-9])${escapePattern(String(from))}(?![A-Za-z0-9])`, "g");
      if (token.test(value)) return value.replace(token, String(to));
    }
  }
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function numberOr(value: string | number): string | number {
  return Number.isNaN(Number(value)) ? value : Number(value);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
