import { type Pointer, readingsOf, replaceAt, valueAt } from "@outhaul/spec";
import type { Operation } from "../spec/open-api.js";
import { fillExample, replacementsOf } from "./example-values.js";
import type { ExportFile } from "./export-file.js";
import { type Job, type JobState, partsOf, stateOf } from "./job.js";
import type { JobKind } from "./job-kind.js";
import { type ReplyTemplate, successTemplates } from "./reply-template.js";

/** The context of a reply about jobs. */
export interface ReplyContext {
  readonly now: number;
  /** The vendor's own origin, as the request had it. */
  readonly origin: string;
  fileOf(job: Job): ExportFile;
  /** A status word that the vendor does not document, to answer instead of the job's own. */
  readonly unknownWord?: string | number;
}

/** The reply to a request that starts a job. */
export function acceptedReply(job: Job, { fileOf }: ReplyContext): ReplyTemplate {
  const { accepted } = job.kind;
  return { ...accepted, value: fillExample(accepted.value, job, replacementsOf(job, fileOf(job))) };
}

/** The reply to a poll of a job. */
export function pollReply(job: Job, context: ReplyContext): ReplyTemplate {
  const { unknownWord } = context;
  const state = stateOf(job, context.now);
  if (unknownWord === undefined) return fillTemplate(job, stateTemplate(job, state.name), state, context);
  const filled = fillTemplate(job, stateTemplate(job, "running"), state, context);
  return withUnknownWord(job.kind, filled, unknownWord);
}

/** The reply to another call for a job: the example of the job's state, or the first example, with the job's values. */
export function viewReply(job: Job, operation: Operation, context: ReplyContext): ReplyTemplate | undefined {
  const templates = successTemplates(operation);
  const state = stateOf(job, context.now);
  const template =
    templates.find(({ name }) => name === state.name) ??
    templates.find(({ name }) => name.startsWith(`${state.name}-`)) ??
    templates[0];
  return template && fillTemplate(job, template, state, context);
}

/** The template for a state, in the variant that the job's options select. */
function stateTemplate({ kind, options }: Job, state: JobState["name"]): ReplyTemplate {
  const { states } = kind;
  const templates = states.get(state) ?? states.get("running") ?? [...states.values()].flat();
  const { form } = options;
  const template =
    templates.find(({ name }) => form !== undefined && name === `${state}-${form}`) ??
    templates.find(({ name }) => name === state) ??
    templates[0];
  if (!template) throw new Error(`${kind.poll.id} has no example of the state ${state}`);
  return template;
}

/** Fills a template with the job's values, and with the outputs of the workflow's poll. */
function fillTemplate(
  job: Job,
  template: ReplyTemplate,
  state: JobState,
  context: ReplyContext,
): ReplyTemplate {
  const file = context.fileOf(job);
  let value = fillExample(template.value, job, replacementsOf(job, file));
  const pointerOf = (name: string): Pointer | undefined => {
    const output = job.kind.workflow.poll.outputs.get(name);
    return output?.kind === "body" ? output.pointer : undefined;
  };
  const setOutput = (name: string, content: unknown): void => {
    const pointer = pointerOf(name);
    if (pointer && content !== undefined) value = replaceAt(value, pointer, content);
  };
  if (state.name === "running") {
    const totalPointer = pointerOf("progressTotal");
    const documented = totalPointer && valueAt(value, totalPointer);
    const total = typeof documented === "number" && documented > 0 ? documented : 100;
    setOutput("progressTotal", documented === undefined ? undefined : total);
    setOutput("progressDone", Math.floor(total * state.fraction));
  }
  if (state.name === "failed") setOutput("failureReason", job.options.failureReason);
  if (state.name === "succeeded") {
    setOutput("fileName", file.fileName);
    const output = job.kind.workflow.download.partNumber?.output ?? "";
    const pointer = pointerOf(output);
    if (pointer) setOutput(output, partsLike(valueAt(value, pointer), partsOf(job)));
  }
  return { ...template, value };
}

/** The number of parts, or as many items as there are parts, in the form of the example. Undefined where the example has neither. */
function partsLike(example: unknown, count: number): unknown {
  if (!Array.isArray(example)) return example === undefined ? undefined : count;
  return Array.from({ length: count }, (_, index) => example[index] ?? example.at(-1) ?? {});
}

/** Replaces the values that the workflow's criteria compare, or else the whole body. */
function withUnknownWord(kind: JobKind, template: ReplyTemplate, word: string | number): ReplyTemplate {
  const { success, failures } = kind.workflow.poll;
  const criteria = [...success, ...failures.flatMap((failure) => failure.criteria)];
  const succeeded = kind.states.get("succeeded")?.[0]?.value;
  const pointers = readingsOf(criteria)
    .flatMap((reading) => (reading.kind === "body" ? [reading.pointer] : []))
    .filter((pointer) => {
      const value = valueAt(template.value, pointer);
      return typeof value !== "object" && value !== valueAt(succeeded, pointer);
    });
  const value = pointers.reduce((body, pointer) => replaceAt(body, pointer, word), template.value);
  return { ...template, value };
}
