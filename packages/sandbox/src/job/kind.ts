import type { Workflow } from "../spec/arazzo.js";
import { allHold } from "../spec/condition.js";
import type { Reading, Source } from "../spec/expression.js";
import { type Pointer, parsePointer, readPointer } from "../spec/json-pointer.js";
import { asList, asObject, asScalar, type JsonObject } from "../spec/narrow.js";
import type { Api, DocumentedReply, Operation } from "../spec/open-api.js";

/** A documented reply with one of its examples. */
export interface ReplyTemplate {
  readonly status: number;
  readonly name: string;
  readonly mediaType: string | undefined;
  readonly value: unknown;
  /** The names of the documented headers. */
  readonly headers: readonly string[];
}

/** A value by which calls name a job, and the form that it has in the examples. */
export interface JobId {
  readonly source: Source;
  readonly example: string | number;
}

/** A workflow together with its operations and their examples: what the jobs of one kind have in common. */
export interface JobKind {
  readonly workflow: Workflow;
  readonly start: Operation;
  readonly poll: Operation;
  readonly download: Operation;
  readonly accepted: ReplyTemplate;
  /** The poll's examples by the state that the workflow's own criteria read in them. */
  readonly states: ReadonlyMap<string, readonly ReplyTemplate[]>;
  readonly ids: readonly JobId[];
  /** A complete request with the values that stand in the examples. */
  readonly exampleRequest: JsonObject;
  /** The paths under which one job is found, such as `/exports/{id}`. */
  readonly paths: readonly { readonly path: string; readonly parameter: string; readonly source: Source }[];
  /** Where the jobs stand in the poll's reply, when it answers a list. */
  readonly list: Pointer | undefined;
  /** Whether the download answers the file's address. */
  readonly linksToFile: boolean;
  readonly formatField: FormatField | undefined;
}

/** A field of the request that chooses the type of the file. */
export interface FormatField {
  readonly pointer: Pointer;
  readonly words: readonly string[];
}

/** Brings a workflow and its operations together. */
export function jobKind(workflow: Workflow, api: Api): JobKind {
  const operation = (id: string): Operation => {
    const found = api.operations.find((each) => each.id === id);
    if (!found)
      throw new SyntaxError(`the workflow ${workflow.id} names an operation that is not there: ${id}`);
    return found;
  };
  const [start, poll, download] = [workflow.start, workflow.poll, workflow.download].map((step) =>
    operation(step.operationId),
  ) as [Operation, Operation, Operation]; // map keeps the number of items
  const accepted = templatesOf(start).find((each) => allHold(workflow.start.success, seen(each)));
  if (!accepted) throw new SyntaxError(`${start.id} has no example of a reply that starts a job`);
  const states = new Map<string, ReplyTemplate[]>();
  for (const template of templatesOf(poll)) {
    const reply = seen(template);
    const state = allHold(workflow.poll.success, reply)
      ? "succeeded"
      : workflow.poll.failures.find(({ criteria }) => criteria.length > 0 && allHold(criteria, reply))?.state;
    if (state !== undefined) states.set(state, [...(states.get(state) ?? []), template]);
  }
  if (!states.has("succeeded") || !(states.has("running") || states.has("queued"))) {
    throw new SyntaxError(`${poll.id} needs examples of a job that runs and of one that has succeeded`);
  }
  const bindings = [...workflow.poll.bindings, ...workflow.download.bindings];
  const polled = states.get("succeeded")?.[0]?.value;
  const ids = idsOf(workflow, accepted.value, polled);
  const inPath = bindings.filter((each) => each.in === "path" && !each.source.startsWith("inputs."));
  const pointers = [workflow.match, ...workflow.poll.outputs.values()].flatMap((reading) =>
    reading?.kind === "body" && reading.pointer.includes("0") ? [reading.pointer] : [],
  );
  const isList = !workflow.poll.bindings.some((each) => each.in === "path");
  return {
    workflow,
    start,
    poll,
    download,
    accepted,
    states,
    ids,
    exampleRequest: {
      ...asObject(start.body?.contents[0]?.examples[0]?.value),
      ...workflow.example,
    },
    paths: inPath.flatMap(({ name, source }) => {
      const path = [poll, download].map((each) => each.path).find((each) => each.includes(`/{${name}}`));
      return path === undefined
        ? []
        : [{ path: path.slice(0, path.indexOf(`/{${name}}`) + name.length + 3), parameter: name, source }];
    }),
    list: isList ? pointers[0]?.slice(0, pointers[0].indexOf("0")) : undefined,
    linksToFile: workflow.download.outputs.has("fileUrl"),
    formatField: formatField(start.body?.contents[0]?.schema, api),
  };
}

/** Every example of an operation's replies. */
export function templatesOf(operation: Operation): ReplyTemplate[] {
  return operation.replies.flatMap((reply) => templatesOfReply(reply));
}

/** The examples of one reply; one without a body where none is documented, or where it is a file that has no example. */
export function templatesOfReply({ status, headers, contents }: DocumentedReply): ReplyTemplate[] {
  const bare = { status, name: "", mediaType: undefined, value: undefined, headers };
  if (contents.length === 0) return [bare];
  return contents.flatMap(({ mediaType, examples }) => {
    if (examples.length === 0) return [{ ...bare, mediaType }];
    return examples.map(({ name, value }) => ({ status, name, mediaType, value, headers }));
  });
}

function seen({ status, mediaType, value }: ReplyTemplate) {
  const headers = new Headers(mediaType === undefined ? {} : { "content-type": mediaType });
  return { status, headers, body: value };
}

function idsOf(workflow: Workflow, accepted: unknown, polled: unknown): JobId[] {
  const ids = new Map<Source, string | number>();
  const add = (source: Source, reading: Reading | undefined, body: unknown): void => {
    const example = reading?.kind === "body" ? asScalar(readPointer(body, reading.pointer)) : undefined;
    if (example !== undefined) ids.set(source, example);
  };
  const { start, poll } = workflow;
  add(`${start.id}.outputs.id`, start.outputs.get("id") ?? { kind: "body", pointer: ["id"] }, accepted);
  for (const { source } of [...poll.bindings, ...workflow.download.bindings]) {
    const [step, , name = ""] = source.split(".");
    if (step === start.id) add(source, start.outputs.get(name), accepted);
    else if (step === poll.id) add(source, poll.outputs.get(name), polled);
  }
  return [...ids].map(([source, example]) => ({ source, example }));
}

const FORMATS = ["csv", "json", "xlsx", "zip", "pdf"];

/** The first field of a schema whose words name types of file, and that leaves a choice. */
function formatField(schema: unknown, api: Api, pointer: Pointer = []): FormatField | undefined {
  if (pointer.length > 4) return undefined;
  const reference = asObject(schema)["$ref"];
  const resolved = asObject(
    typeof reference === "string" ? readPointer(api.root, parsePointer(reference.replace(/^#/, ""))) : schema,
  );
  const words = asList(resolved["enum"]).filter((word) => typeof word === "string");
  if (words.length > 1 && words.every((word) => FORMATS.includes(word))) return { pointer, words };
  for (const [name, property] of Object.entries(asObject(resolved["properties"]))) {
    const found = formatField(property, api, [...pointer, name]);
    if (found) return found;
  }
  return undefined;
}
