import { LINK_OPERATION, meetsAll, type Pointer, type Reading, valueAt } from "@outhaul/spec";
import { asObject, asScalar, type JsonObject } from "../spec/narrow.js";
import { type Api, linkOperation, type Operation } from "../spec/open-api.js";
import type { Call, Source, Workflow } from "../spec/workflow.js";
import { type FormatField, findFormatField } from "./format-field.js";
import { type ReplyTemplate, templatesOf } from "./reply-template.js";

/** A value that identifies a job in requests, and its value in the examples. */
export interface JobId {
  readonly source: Source;
  readonly example: string | number;
}

/** What a call of a workflow does to a job. */
export type Role = "further" | "poll" | "download" | "cancel";

/** A path below which the calls for one job are, such as `/exports/{id}`. */
export interface JobPath {
  readonly path: string;
  /** The name of the path parameter that identifies the job. */
  readonly parameter: string;
  readonly source: Source;
}

/** A workflow with its operations and examples: all that the jobs of one kind have in common. */
export interface JobKind {
  readonly workflow: Workflow;
  readonly start: Operation;
  readonly poll: Operation;
  readonly download: Operation;
  /** The reply to a start that the vendor accepts. */
  readonly accepted: ReplyTemplate;
  /** The examples of the poll's replies, by the state that the workflow's criteria find in them. */
  readonly states: ReadonlyMap<string, readonly ReplyTemplate[]>;
  readonly ids: readonly JobId[];
  /** A complete request with the values of the examples. */
  readonly exampleRequest: JsonObject;
  readonly paths: readonly JobPath[];
  /** The calls after the start, by what they do. */
  readonly calls: readonly { readonly role: Role; readonly operation: Operation; readonly call: Call }[];
  /** The pointer to the list of jobs in the poll's reply, if the reply is a list. */
  readonly list: Pointer | undefined;
  /** Where the reply to the download has the address of the file, or the first of several; the reply is the file without it. */
  readonly fileUrl: Reading | undefined;
  /** Where it has the list of files, and where in an item the address is. */
  readonly files: { readonly list: Pointer; readonly item: Pointer } | undefined;
  readonly formatField: FormatField | undefined;
}

/**
 * Resolves the operations of a workflow.
 * @throws {SyntaxError} if the spec lacks an operation or an example
 */
export function createJobKind(workflow: Workflow, api: Api): JobKind {
  const start = operationOf(workflow, workflow.start.operationId, api);
  const poll = operationOf(workflow, workflow.poll.operationId, api);
  const download = operationOf(workflow, workflow.download.operationId, api);
  const accepted = templatesOf(start).find((each) => meetsAll(workflow.start.success, replyOf(each)));
  if (!accepted) throw new SyntaxError(`${start.id} has no example of a reply that starts a job`);
  const states = statesOf(workflow, poll);
  const polled = states.get("succeeded")?.[0]?.value;
  const fileUrls = workflow.download.outputs.get("fileUrls");
  const files =
    fileUrls?.kind === "body" ? { list: fileUrls.pointer, item: workflow.download.fileItem } : undefined;
  const requestContent = start.body?.contents[0];
  return {
    workflow,
    start,
    poll,
    download,
    accepted,
    states,
    ids: idsOf(workflow, accepted.value, polled),
    exampleRequest: { ...asObject(requestContent?.examples[0]?.value), ...workflow.example },
    paths: pathsOf(workflow, api),
    calls: callsOf(workflow, api),
    list: listPointer(workflow),
    fileUrl: files
      ? { kind: "body", pointer: [...files.list, "0", ...files.item] }
      : (workflow.poll.isLink ? workflow.start : workflow.download).outputs.get("fileUrl"),
    files,
    formatField: findFormatField(requestContent?.schema, api),
  };
}

function operationOf(workflow: Workflow, id: string, api: Api): Operation {
  if (id === LINK_OPERATION) return linkOperation();
  const operation = api.operations.find((each) => each.id === id);
  if (!operation)
    throw new SyntaxError(`the workflow ${workflow.id} names an operation that is not there: ${id}`);
  return operation;
}

function statesOf({ poll: step, isOneStep }: Workflow, poll: Operation): Map<string, ReplyTemplate[]> {
  const states = new Map<string, ReplyTemplate[]>();
  for (const template of templatesOf(poll)) {
    const reply = replyOf(template);
    const state = meetsAll(step.success, reply)
      ? "succeeded"
      : step.failures.find(({ criteria }) => criteria.length > 0 && meetsAll(criteria, reply))?.state;
    if (state !== undefined) states.set(state, [...(states.get(state) ?? []), template]);
  }
  if (isOneStep) return states;
  if (!states.has("succeeded") || !(states.has("running") || states.has("queued")))
    throw new SyntaxError(`${poll.id} needs examples of a job that runs and of one that has succeeded`);
  return states;
}

/** The reply that a client would get for a template. */
function replyOf({ status, mediaType, value }: ReplyTemplate) {
  const headers = new Headers(mediaType === undefined ? {} : { "content-type": mediaType });
  return { status, headers, body: value };
}

function idsOf({ start, poll, download, isOneStep }: Workflow, accepted: unknown, polled: unknown): JobId[] {
  if (isOneStep) return [];
  const ids = new Map<Source, string | number>();
  const add = (source: Source, reading: Reading | undefined, body: unknown): void => {
    const example = reading?.kind === "body" ? asScalar(valueAt(body, reading.pointer)) : undefined;
    if (example !== undefined) ids.set(source, example);
  };
  add(`${start.id}.outputs.id`, start.outputs.get("id") ?? { kind: "body", pointer: ["id"] }, accepted);
  for (const { source } of [...poll.bindings, ...download.bindings]) {
    const [step, , name = ""] = source.split(".");
    if (step === start.id) add(source, start.outputs.get(name), accepted);
    else if (step === poll.id) add(source, poll.outputs.get(name), polled);
  }
  return [...ids].map(([source, example]) => ({ source, example }));
}

function callsOf(workflow: Workflow, api: Api): JobKind["calls"] {
  const { cancel, download, further, poll } = workflow;
  const calls: [Role, Call | undefined][] = [
    ["further", further],
    ["cancel", cancel],
    ["poll", poll],
    ["download", download],
  ];
  return calls.flatMap(([role, call]) =>
    call ? [{ role, call, operation: operationOf(workflow, call.operationId, api) }] : [],
  );
}

/** The paths of each call up to the parameter that identifies the job; what else is below them is about the job, too. */
function pathsOf(workflow: Workflow, api: Api): JobPath[] {
  return callsOf(workflow, api).flatMap(({ call, operation: { path } }) =>
    call.bindings
      .filter((binding) => binding.in === "path" && !binding.source.startsWith("inputs."))
      .flatMap(({ name, source }) => {
        const end = path.indexOf(`/{${name}}`) + name.length + 3;
        return end > name.length + 2 ? [{ path: path.slice(0, end), parameter: name, source }] : [];
      }),
  );
}

/** The pointer to the list of a poll that answers a list: the part before the index `0` of an expression. */
function listPointer({ poll, match }: Workflow): Pointer | undefined {
  if (poll.bindings.some((binding) => binding.in === "path")) return undefined;
  for (const reading of [match, ...poll.outputs.values()])
    if (reading?.kind === "body" && reading.pointer.includes("0"))
      return reading.pointer.slice(0, reading.pointer.indexOf("0"));
  return undefined;
}
