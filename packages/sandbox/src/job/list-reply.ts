import { mapLeaves, type Pointer, replaceAt, valueAt } from "@outhaul/spec";
import { isObject, type JsonObject } from "../spec/narrow.js";
import type { Operation } from "../spec/open-api.js";
import { fillExample, replacementsOf } from "./example-values.js";
import type { Job } from "./job.js";
import type { JobKind } from "./job-kind.js";
import { acceptedReply, pollReply, type ReplyContext } from "./job-reply.js";
import { type ReplyTemplate, successTemplates } from "./reply-template.js";

/** A template whose value has a list. */
interface ListTemplate {
  readonly template: ReplyTemplate;
  readonly pointer: Pointer;
  readonly items: readonly unknown[];
}

/** The reply to a call that lists jobs. */
export function listReply(
  operation: Operation,
  kind: JobKind,
  jobs: readonly Job[],
  context: ReplyContext,
): ReplyTemplate | undefined {
  const templates = successTemplates(operation);
  const isPoll = operation === kind.poll;
  const lists = templates.flatMap((template): ListTemplate[] => {
    const pointer = isPoll ? kind.list : findList(template.value);
    const items = pointer && valueAt(template.value, pointer);
    return pointer && Array.isArray(items) ? [{ template, pointer, items }] : [];
  });
  const base = lists.find(({ items }) => items.length > 0) ?? lists[0];
  if (!base) return templates[0];
  const items = jobs.flatMap((job) =>
    isPoll ? polledItems(job, base, context) : [viewItem(job, base, context)],
  );
  const counted = withCount(replaceAt(base.template.value, base.pointer, []), lists, items.length);
  return { ...base.template, value: replaceAt(counted, base.pointer, items) };
}

function polledItems(job: Job, { pointer }: ListTemplate, context: ReplyContext): unknown[] {
  const items = valueAt(pollReply(job, context).value, pointer);
  return Array.isArray(items) ? items : [];
}

function viewItem(job: Job, { items }: ListTemplate, context: ReplyContext): unknown {
  const item = fillExample(items[0], job, replacementsOf(job, context.fileOf(job)));
  if (!isObject(item)) return item;
  const record = recordOf(job, context);
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [key, Object.hasOwn(record, key) ? record[key] : value]),
  );
}

/** Replaces the values that are the length of the list in every example. */
function withCount(value: unknown, lists: readonly ListTemplate[], count: number): unknown {
  return mapLeaves(value, (leaf, pointer) => {
    const isCount = lists.every(({ template, items }) => {
      const each = valueAt(template.value, pointer);
      return (
        (typeof each === "number" || typeof each === "string") && each !== "" && Number(each) === items.length
      );
    });
    if (!isCount) return leaf;
    return typeof leaf === "string" ? String(count) : count;
  });
}

/** All fields of a job, from the reply to its start and the reply to its poll. */
function recordOf(job: Job, context: ReplyContext): JsonObject {
  const ids = new Set([...job.ids.values()].map(String));
  const records: JsonObject[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    if (!isObject(value)) return;
    if (Object.values(value).some((each) => ids.has(String(each)))) records.push(value);
    else Object.values(value).forEach(collect);
  };
  collect(acceptedReply(job, context).value);
  collect(pollReply(job, context).value);
  return Object.assign({}, ...records);
}

/** The pointer to the first list of objects in an example. */
function findList(value: unknown, pointer: Pointer = []): Pointer | undefined {
  if (Array.isArray(value)) return value.every(isObject) ? pointer : undefined;
  if (!isObject(value)) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const found = findList(each, [...pointer, key]);
    if (found) return found;
  }
  return undefined;
}
