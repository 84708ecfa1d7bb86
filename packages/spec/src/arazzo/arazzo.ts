import type { Criterion } from "../condition/criterion.js";
import type { DocsLink, Schema } from "../openapi/openapi.js";

/** An action that ends the polling or goes on with it. Its name begins with the job's state. */
export interface Action {
  readonly name: string;
  readonly type: "retry" | "end" | "goto";
  /** The step that a `goto` leads to: one between start and poll that is still to be done. */
  readonly stepId?: string;
  readonly retryAfter?: number;
  readonly retryLimit?: number;
  readonly criteria?: readonly Criterion[];
}

/** A parameter that a step or a workflow sends. */
export interface StepParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly value: unknown;
}

/** `none`, or how a job is found if the reply that created it was lost. */
export type CreateSafety = "none" | { readonly unique: string; readonly match: string };

/** How the page of a file is asked for that a page before it names. */
export interface NextPage {
  /** The parameter that takes it. */
  readonly name: string;
  readonly in: "query";
  /** What names the next page in a reply. */
  readonly value: string;
  /** All of them hold as long as another page follows. */
  readonly criteria?: readonly Criterion[];
}

/** Which parameter takes the number of a part of the file, and how many parts there are. */
export interface PartNumber {
  /** The parameter that takes it; what the step sends in it is the number of the first part. */
  readonly name: string;
  readonly in: "query" | "path";
  /** The output of the poll that is the number of parts, or a list with an item for each. */
  readonly count: string;
}

/** A step of a workflow. */
export interface Step {
  readonly stepId: string;
  readonly description?: string;
  readonly operationId: string;
  /** The link that is asked at, where the start's reply brings one: in place of an operation. A word of Redocly's. */
  readonly "x-operation"?: { readonly method: "get"; readonly url: string };
  readonly parameters?: readonly StepParameter[];
  readonly requestBody?: {
    readonly contentType?: string;
    readonly payload?: Readonly<Record<string, unknown>>;
  };
  readonly successCriteria?: readonly Criterion[];
  readonly onFailure?: readonly Action[];
  readonly outputs?: Readonly<Record<string, string>>;
  readonly "x-create"?: CreateSafety;
  /** The credentials of basic authentication for Redocly Respect, where they are for the start alone. */
  readonly "x-security"?: Workflow["x-security"];
  /** The media type of what is inside, where the file at the address that the step yields is gzip. */
  readonly "x-compressed-media-type"?: string;
  /** The origin that gets the credentials, too, where the file at the address that the step yields stands there. */
  readonly "x-trusted-origin"?: string;
  /** Where in an item of the list `fileUrls` the address is, as a JSON pointer. */
  readonly "x-file-url"?: string;
  /** Set if the file comes in pages of which each names the next. */
  readonly "x-next-page"?: NextPage;
  /** Set if the file comes in parts that are asked for by their numbers. */
  readonly "x-part-number"?: PartNumber;
}

/** A workflow: one kind of export. */
export interface Workflow {
  readonly workflowId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly inputs: Schema & { readonly examples?: readonly Readonly<Record<string, unknown>>[] };
  readonly parameters?: readonly StepParameter[];
  /** The credentials of basic authentication for Redocly Respect, which no parameter can carry. */
  readonly "x-security"?: readonly { readonly values: Readonly<Record<string, string>> }[];
  readonly steps: readonly Step[];
  readonly "x-docs"?: readonly DocsLink[];
  readonly "x-cancel"?: Pick<Step, "operationId" | "parameters" | "requestBody">;
}

/** An Arazzo document in the profile of Outhaul: the root of `exports.arazzo.yaml`. */
export interface Arazzo {
  readonly arazzo: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly sourceDescriptions: readonly {
    readonly name: string;
    readonly url: string;
    readonly type?: string;
  }[];
  readonly workflows: readonly Workflow[];
}

/** The job's state in the name of an action: `failed` in `failed-final`. */
export function stateOf(action: Action): string {
  return action.name.split("-")[0] ?? "";
}

/** True if the file at the address that a step yields is gzip, or is so where the vendor's word says it. */
export function isGzipAtAddress(step: Step): boolean {
  const { outputs = {}, "x-compressed-media-type": inside, "x-operation": link } = step;
  const isAtAddress = addressOf(step) !== undefined || link !== undefined;
  return isAtAddress && (outputs["compression"] !== undefined || inside !== undefined);
}

/** The expression for the address of the file, or for the list of addresses; undefined where the reply is the file itself. */
export function addressOf({ outputs = {} }: Pick<Step, "outputs">): string | undefined {
  return outputs["fileUrl"] ?? outputs["fileUrls"];
}

/** The step between start and poll, if there is one. */
export function furtherStepOf(workflow: Workflow): Step | undefined {
  const [, second] = workflow.steps;
  return second && second !== pollOf(workflow) && workflow.steps.length > 2 ? second : undefined;
}

/** The only step of a workflow whose one request is the whole export: its reply is the file. */
export function oneStepOf(workflow: Workflow): Step | undefined {
  return workflow.steps.length === 1 && !pollOf(workflow) ? workflow.steps[0] : undefined;
}

/** The step that polls: the one with a retry action. */
export function pollOf(workflow: Workflow): Step | undefined {
  return workflow.steps.find((step) => step.onFailure?.some(({ type }) => type === "retry"));
}
