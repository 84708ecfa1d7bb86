import type { Operation, ParsedCriterion, Reading, ReplyBody, Value, Workflow } from "@outhaul/spec";

/** A name and what is sent under it. */
export interface Field {
  readonly name: string;
  readonly value: Value;
}

/** What a step sends, sorted by place. */
export interface StepRequest {
  readonly path: readonly Field[];
  readonly query: readonly Field[];
  readonly header: readonly Field[];
  readonly body: readonly Field[];
}

/** A named value of a reply. */
export interface Output {
  readonly name: string;
  readonly reading: Reading;
}

/** A state and what tells it. */
export interface StatePlan {
  readonly state: string;
  readonly tests: readonly ParsedCriterion[];
}

/** A workflow of the profile, understood: what the generated code and the README are written from. */
export interface WorkflowPlan {
  readonly workflow: Workflow;
  readonly name: string;
  readonly file: string;
  readonly typeName: string;
  readonly start: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    readonly accepted: readonly ParsedCriterion[];
    readonly outputs: readonly Output[];
    /** Fields of the request that later steps use. */
    readonly keep: readonly string[];
  };
  /** The field that the client makes unique, and the value that shows it again. */
  readonly find?: { readonly unique: string; readonly match: Reading };
  readonly poll: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    readonly states: readonly StatePlan[];
    readonly status?: Reading;
    readonly outputs: readonly Output[];
    readonly known: Readonly<Partial<Record<KnownOutput, Reading>>>;
    readonly adviceMs?: number;
  };
  readonly download?: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    readonly fileUrl?: Reading;
  };
  readonly cancel?: { readonly operation: Operation; readonly request: StepRequest };
}

/** Outputs of a poll that have a meaning of their own. */
export const knownOutputs = ["progressDone", "progressTotal", "fileName", "failureReason"] as const;

type KnownOutput = (typeof knownOutputs)[number];
