import { type Criterion, parseCriterion } from "./condition.js";
import { parseReading, parseSource, type Reading, type Source } from "./expression.js";
import { asList, asObject, asText, isObject, type JsonObject } from "./narrow.js";

/** A parameter of a step whose value comes from the job. */
export interface Binding {
  readonly in: string;
  readonly name: string;
  readonly source: Source;
}

/** One step of a workflow. */
export interface Step {
  readonly id: string;
  readonly operationId: string;
  readonly bindings: readonly Binding[];
  readonly success: readonly Criterion[];
  /** In order; each with the state that its name begins with. */
  readonly failures: readonly { readonly state: string; readonly criteria: readonly Criterion[] }[];
  readonly outputs: ReadonlyMap<string, Reading>;
}

/** How one kind of export is run. */
export interface Workflow {
  readonly id: string;
  /** A complete request, without the credentials. */
  readonly example: JsonObject;
  readonly start: Step;
  readonly poll: Step;
  /** The poll itself where its reply is the file. */
  readonly download: Step;
  readonly cancel: string | undefined;
  /** Where the poll's reply holds the unique value by which a job is found. */
  readonly match: Reading | undefined;
  /** The field of the request that makes a job unique, where the start answers no id. */
  readonly unique: string | undefined;
}

/** Reads the workflows of an Arazzo document in the profile of specs/README.md. */
export function readWorkflows(document: unknown): Workflow[] {
  return asList(asObject(document)["workflows"]).map((each) => {
    const workflow = asObject(each);
    const rawSteps = asList(workflow["steps"]).map(asObject);
    const steps = rawSteps.map(readStep);
    const start = steps[0];
    const poll = steps.find((_, index) =>
      asList(rawSteps[index]?.["onFailure"]).some((action) => asObject(action)["type"] === "retry"),
    );
    const download = steps.at(-1);
    const id = asText(workflow["workflowId"]) ?? "";
    if (!start || !poll || !download)
      throw new SyntaxError(`the workflow ${id} has no start, poll or download`);
    const create = asObject(rawSteps[0]?.["x-create"]);
    return {
      id,
      example: asObject(asList(asObject(workflow["inputs"])["examples"])[0]),
      start,
      poll,
      download,
      cancel: asText(asObject(workflow["x-cancel"])["operationId"]),
      match: parseReading(asText(create["match"]) ?? ""),
      unique: asText(create["unique"]),
    };
  });
}

function readStep(step: JsonObject): Step {
  return {
    id: asText(step["stepId"]) ?? "",
    operationId: asText(step["operationId"]) ?? "",
    bindings: asList(step["parameters"]).flatMap((each) => {
      const { in: where, name, value } = asObject(each);
      const source = parseSource(value);
      if (!source || typeof where !== "string" || typeof name !== "string" || where === "header") return [];
      return [{ in: where, name, source }];
    }),
    success: asList(step["successCriteria"]).map(parseCriterion),
    failures: asList(step["onFailure"])
      .filter(isObject)
      .map((action) => ({
        state: (asText(action["name"]) ?? "").replace(/-.*$/, ""),
        criteria: asList(action["criteria"]).map(parseCriterion),
      })),
    outputs: new Map(
      Object.entries(asObject(step["outputs"])).flatMap(([name, value]) => {
        const reading = parseReading(asText(value) ?? "");
        return reading ? [[name, reading] as const] : [];
      }),
    ),
  };
}
