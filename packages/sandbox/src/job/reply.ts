import { mapLeaves, type Pointer, readPointer, writePointer } from "../spec/json-pointer.js";
import { isObject, type JsonObject } from "../spec/narrow.js";
import type { Operation } from "../spec/open-api.js";
import { fillExample, replacementsOf } from "./example-values.js";
import type { ExportFile } from "./export-file.js";
import { type Job, type JobState, stateOf } from "./job.js";
import { type JobKind, type ReplyTemplate, templatesOf } from "./kind.js";

/** What a reply is made with. */
export interface ReplyContext {
  readonly now: number;
  fileOf(job: Job): ExportFile;
  /** A status word that the vendor's documents do not know. */
  readonly unknownWord?: string | number;
}

/** The reply to a call that starts a job. */
export function acceptedReply(job: Job, { fileOf }: ReplyContext): ReplyTemplate {
  const { accepted } = job.kind;
  return { ...accepted, value: fillExample(accepted.value, job, replacementsOf(job, fileOf(job))) };
}

/** The reply to a poll of one job. */
export function pollReply(job: Job, context: ReplyContext): ReplyTemplate {
  const state = stateOf(job, context.now);
  const isUnknown = context.unknownWord !== undefined;
  const template = stateTemplate(job, isUnknown ? { name: "running", fraction: 0.5 } : state);
  const filled = fillPolled(job, template, state, context);
  return isUnknown ? withWord(job.kind, filled, context.unknownWord ?? "") : filled;
}

/** The reply to a call for one job that is not its poll: the example of the job's state, or the first example with the job's record in it. */
export function viewReply(job: Job, operation: Operation, context: ReplyContext): ReplyTemplate | undefined {
  const templates = successes(operation);
  const state = stateOf(job, context.now);
  const template =
    templates.find(({ name }) => name === state.name) ??
    templates.find(({ name }) => name.startsWith(`${state.name}-`)) ??
    templates[0];
  return template && fillPolled(job, template, state, context);
}

/** The reply to a call that lists jobs. */
export function listReply(
  operation: Operation,
  kind: JobKind,
  jobs: readonly Job[],
  context: ReplyContext,
): ReplyTemplate | undefined {
  const templates = successes(operation);
  const lists = templates.flatMap((template) => {
    const at = operation === kind.poll ? kind.list : findList(template.value);
    const items = at && readPointer(template.value, at);
    return at && Array.isArray(items) ? [{ template, at, items }] : [];
  });
  const base = lists.find(({ items }) => items.length > 0) ?? lists[0];
  if (!base) return templates[0];
  const items = jobs.flatMap((job) => {
    if (operation !== kind.poll) {
      const item = fillExample(base.items[0], job, replacementsOf(job, context.fileOf(job)));
      return [isObject(item) ? withRecord(item, recordOf(job, context)) : item];
    }
    const { value } = pollReply(job, context);
    const found = readPointer(value, base.at);
    return Array.isArray(found) ? found : [];
  });
  const value = mapLeaves(writePointer(base.template.value, base.at, []), (leaf, pointer) => {
    const counts = lists.every(({ template, items: { length } }) => {
      const each = readPointer(template.value, pointer);
      return (typeof each === "number" || typeof each === "string") && each !== "" && Number(each) === length;
    });
    if (!counts) return leaf;
    return typeof leaf === "string" ? String(items.length) : items.length;
  });
  return { ...base.template, value: writePointer(value, base.at, items) };
}

/** The template for a job's state, in the form that the job asks for. */
function stateTemplate(job: Job, { name }: JobState): ReplyTemplate {
  const { states } = job.kind;
  const templates = states.get(name) ?? states.get("running") ?? [...states.values()].flat();
  const { form } = job.options;
  const template =
    templates.find((each) => form !== undefined && each.name === `${name}-${form}`) ??
    templates.find((each) => each.name === name) ??
    templates[0];
  if (!template) throw new Error(`${job.kind.poll.id} has no example of the state ${name}`);
  return template;
}

function fillPolled(
  job: Job,
  template: ReplyTemplate,
  state: JobState,
  context: ReplyContext,
): ReplyTemplate {
  const file = context.fileOf(job);
  let value = fillExample(template.value, job, replacementsOf(job, file));
  const { outputs } = job.kind.workflow.poll;
  const put = (name: string, content: unknown): void => {
    const reading = outputs.get(name);
    if (reading?.kind === "body" && content !== undefined)
      value = writePointer(value, reading.pointer, content);
  };
  if (state.name === "running") {
    const total = outputs.get("progressTotal");
    const whole = total?.kind === "body" ? readPointer(value, total.pointer) : undefined;
    const of = typeof whole === "number" && whole > 0 ? whole : 100;
    put("progressTotal", whole === undefined ? undefined : of);
    put("progressDone", Math.floor(of * state.fraction));
  }
  if (state.name === "failed") put("failureReason", job.options.failureReason);
  if (state.name === "succeeded") put("fileName", file.fileName);
  return { ...template, value };
}

/** Puts a word in the place that the workflow's criteria read, or else in the place of the whole body. */
function withWord(kind: JobKind, template: ReplyTemplate, word: string | number): ReplyTemplate {
  const { success, failures } = kind.workflow.poll;
  const readings = [...success, ...failures.flatMap(({ criteria }) => criteria)].flatMap(
    (each) => each.readings,
  );
  const bodies = readings.flatMap((reading) => (reading.kind === "body" ? [reading.pointer] : []));
  const succeeded = kind.states.get("succeeded")?.[0]?.value;
  const places = bodies.filter((place) => {
    const [here, there] = [readPointer(template.value, place), readPointer(succeeded, place)];
    return typeof here !== "object" && here !== there;
  });
  const value = places.reduce((body, place) => writePointer(body, place, word), template.value);
  return { ...template, value };
}

/** What is known of a job: what its start answered and what its poll answers. */
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

function withRecord(item: JsonObject, record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [key, Object.hasOwn(record, key) ? record[key] : value]),
  );
}

function successes(operation: Operation): ReplyTemplate[] {
  return templatesOf(operation).filter(({ status }) => status >= 200 && status < 300);
}

/** The first list of objects in an example. */
function findList(value: unknown, pointer: Pointer = []): Pointer | undefined {
  if (Array.isArray(value)) return value.every(isObject) ? pointer : undefined;
  if (!isObject(value)) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const found = findList(each, [...pointer, key]);
    if (found) return found;
  }
  return undefined;
}
