import type { DocsLink, Schema } from "./openapi.js";

/** One condition of a step or an action. */
export interface Criterion {
  readonly condition: string;
  readonly context?: string;
  readonly type?: "simple" | "regex";
}

export interface Action {
  readonly name: string;
  readonly type: "retry" | "end";
  readonly retryAfter?: number;
  readonly retryLimit?: number;
  readonly criteria?: readonly Criterion[];
}

export interface StepParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly value: unknown;
}

/** `none`, or how to find a job whose reply was lost. */
export type CreateSafety = "none" | { readonly unique: string; readonly match: string };

export interface Step {
  readonly stepId: string;
  readonly description?: string;
  readonly operationId: string;
  readonly parameters?: readonly StepParameter[];
  readonly requestBody?: {
    readonly contentType?: string;
    readonly payload?: Readonly<Record<string, unknown>>;
  };
  readonly successCriteria?: readonly Criterion[];
  readonly onFailure?: readonly Action[];
  readonly outputs?: Readonly<Record<string, string>>;
  readonly "x-create"?: CreateSafety;
}

export interface Workflow {
  readonly workflowId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly inputs: Schema & { readonly examples?: readonly Readonly<Record<string, unknown>>[] };
  readonly parameters?: readonly StepParameter[];
  /** How Respect is told of basic auth, which no parameter can carry. */
  readonly "x-security"?: readonly { readonly values: Readonly<Record<string, string>> }[];
  readonly steps: readonly Step[];
  readonly "x-docs"?: readonly DocsLink[];
  readonly "x-cancel"?: { readonly operationId: string; readonly parameters?: readonly StepParameter[] };
}

/** The root of exports.arazzo.yaml. */
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

/** The state that an action's name tells: `failed` of `failed-final`. */
export function stateOf(action: Action): string {
  return action.name.split("-")[0] ?? "";
}

/** The step that asks for the job's state: the one with a retry action. */
export function pollOf(workflow: Workflow): Step | undefined {
  return workflow.steps.find((step) => step.onFailure?.some(({ type }) => type === "retry"));
}
