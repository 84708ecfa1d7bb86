import {
  type Arazzo,
  type Criterion,
  furtherStepOf,
  isGzipAtAddress,
  isLinkStep,
  oneStepOf,
  type ParsedCriterion,
  type Pointer,
  parseCriterion,
  parseExpression,
  parsePointer,
  parseReading,
  parseValue,
  pollOf,
  type Reading,
  type Step as SpecStep,
  type Workflow as SpecWorkflow,
  stateOf,
  withLinks,
} from "@outhaul/spec";
import { asList, asObject, isObject, type JsonObject } from "./narrow.js";

type SpecCall = Pick<SpecStep, "operationId" | "parameters" | "requestBody">;

/** The origin of a parameter's value: an input of the workflow, or an output of a step. */
export type Source = `inputs.${string}` | `${string}.outputs.${string}`;

/** A value of a step's request that belongs to the job. */
export interface Binding {
  readonly in: "path" | "query" | "body";
  /** The name of the parameter, or of the field of the body. */
  readonly name: string;
  /** Where it is in the body. */
  readonly pointer: Pointer;
  readonly source: Source;
}

/** A call of a workflow, and how its requests tell which job they are about. */
export interface Call {
  readonly operationId: string;
  readonly bindings: readonly Binding[];
  /** The values of the body that are always the same: they tell the calls of one operation apart. */
  readonly literals: readonly { readonly pointer: Pointer; readonly value: unknown }[];
}

/** A step of a workflow, parsed. */
export interface Step extends Call {
  readonly id: string;
  readonly success: readonly ParsedCriterion[];
  /** The actions in their order, each with its state. */
  readonly failures: readonly { readonly state: string; readonly criteria: readonly ParsedCriterion[] }[];
  readonly outputs: ReadonlyMap<string, Reading>;
  /** True if the file at the address that the step yields is for those with credentials only. */
  readonly isFileGuarded: boolean;
  /** Where in an item of the list `fileUrls` the address of a file is. */
  readonly fileItem: Pointer;
  /** How the next page of the file is named, if it comes in pages. */
  readonly nextPage: NextPage | undefined;
  /** How the parts of the file are numbered, if it comes in such parts. */
  readonly partNumber: PartNumber | undefined;
  /** True if the step asks at a link that the start's reply brings. */
  readonly isLink: boolean;
  /** Set if the file at the address that the step yields may be gzip. */
  readonly gzip: { readonly inside: string | undefined } | undefined;
}

/** How each page of a file names the next one, parsed. */
export interface NextPage {
  /** The parameter of the query that takes it. */
  readonly name: string;
  readonly value: Reading;
  /** All of them hold as long as another page follows. */
  readonly criteria: readonly ParsedCriterion[];
}

/** How the parts of a file are numbered, parsed. */
export interface PartNumber {
  /** The parameter that takes the number. */
  readonly name: string;
  /** The number of the first part. */
  readonly first: number;
  /** The name of the poll's output that is the number of parts, or a list of them. */
  readonly output: string;
}

/** A workflow, parsed. */
export interface Workflow {
  readonly id: string;
  /** A complete request, without credentials. */
  readonly example: JsonObject;
  /** True if one request is the whole export: start, poll and download are this one step. */
  readonly isOneStep: boolean;
  readonly start: Step;
  /** The step between start and poll: until it is done, the job has not begun. */
  readonly further: Step | undefined;
  readonly poll: Step;
  /** The poll itself if its reply is the file. */
  readonly download: Step;
  /** The call that cancels a job. */
  readonly cancel: Call | undefined;
  /** The unique value of a job in the poll's reply. */
  readonly match: Reading | undefined;
  /** The field of the request that identifies a job, if the start answers no id. */
  readonly unique: string | undefined;
}

/**
 * Parses the workflows of an Arazzo document in the profile of specs/README.md.
 * @throws {SyntaxError} if a workflow lacks a step, or if a criterion is none of the profile
 */
export function readWorkflows(document: unknown): Workflow[] {
  // Each workflow is an object; a malformed one lacks a step.
  const workflows = asList(asObject(document)["workflows"]).filter(
    isObject,
  ) as unknown as Arazzo["workflows"];
  return workflows.map(readWorkflow);
}

function readWorkflow(given: SpecWorkflow): Workflow {
  const workflow = withLinks(given);
  const { workflowId: id, steps = [] } = workflow;
  const [start] = steps;
  const oneStep = oneStepOf({ ...workflow, steps });
  const poll = oneStep ?? pollOf({ ...workflow, steps });
  const download = steps.at(-1);
  if (!start || !poll || !download)
    throw new SyntaxError(`the workflow ${id} has no start, poll or download`);
  const create = start["x-create"];
  const { unique, match } = typeof create === "object" ? create : {};
  const cancel = workflow["x-cancel"];
  const further = furtherStepOf({ ...workflow, steps });
  return {
    id,
    example: asObject(workflow.inputs?.examples?.[0]),
    isOneStep: oneStep !== undefined,
    start: readStep(start),
    further: further && readStep(further),
    poll: readStep(poll),
    download: readStep(download),
    cancel: cancel && readCall(cancel),
    match: match === undefined ? undefined : parseReading(match),
    unique,
  };
}

function readStep(step: SpecStep): Step {
  const parse = (criteria: readonly Criterion[] = []) =>
    criteria.map((criterion) => parseCriterion(criterion));
  return {
    id: step.stepId,
    ...readCall(step),
    success: parse(step.successCriteria),
    failures: (step.onFailure ?? []).map((action) => ({
      state: action.type === "goto" ? "created" : stateOf(action),
      criteria: parse(action.criteria),
    })),
    isFileGuarded: step["x-trusted-origin"] !== undefined,
    fileItem: parsePointer(step["x-file-url"] ?? "") ?? [],
    nextPage: readNextPage(step),
    partNumber: readPartNumber(step),
    isLink: isLinkStep(step),
    gzip: isGzipAtAddress(step) ? { inside: step["x-compressed-media-type"] } : undefined,
    outputs: new Map(
      Object.entries(step.outputs ?? {}).flatMap(([name, text]) => {
        const reading = parseReading(text);
        return reading ? [[name, reading] as const] : [];
      }),
    ),
  };
}

function readNextPage({ "x-next-page": nextPage }: SpecStep): NextPage | undefined {
  const value = nextPage && parseReading(nextPage.value);
  return value && { name: nextPage.name, value, criteria: (nextPage.criteria ?? []).map(parseCriterion) };
}

function readPartNumber({ parameters = [], "x-part-number": given }: SpecStep): PartNumber | undefined {
  const count = given && parseExpression(given.count);
  if (count?.kind !== "output") return undefined;
  const first = parameters.find((one) => one.name === given?.name && one.in === given.in);
  return { name: given?.name ?? "", first: Number(first?.value ?? 0), output: count.name };
}

function readCall({ operationId, parameters = [], requestBody }: SpecCall): Call {
  const fields = leavesOf(requestBody?.payload ?? {}, []);
  return {
    operationId,
    bindings: [
      ...parameters.flatMap(({ in: location, name, value }): Binding[] => {
        const source = sourceOf(value);
        return source && location !== "header" ? [{ in: location, name, pointer: [], source }] : [];
      }),
      ...fields.flatMap(({ pointer, value }): Binding[] => {
        const source = sourceOf(value);
        return source ? [{ in: "body", name: pointer.at(-1) ?? "", pointer, source }] : [];
      }),
    ],
    literals: fields.filter(({ value }) => parseValue(value)?.kind === "literal"),
  };
}

/** The values in a payload that are no objects or lists, each with its place. */
function leavesOf(value: unknown, pointer: Pointer): { pointer: Pointer; value: unknown }[] {
  if (typeof value !== "object" || value === null) return [{ pointer, value }];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...pointer, name]));
}

/** The source of a parameter's value. Undefined if the value is a literal or a text. */
function sourceOf(value: unknown): Source | undefined {
  const parsed = parseValue(value);
  if (parsed?.kind === "input") return `inputs.${parsed.name}`;
  return parsed?.kind === "output" ? `${parsed.step}.outputs.${parsed.name}` : undefined;
}
