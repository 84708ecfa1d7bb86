import type {
  Body,
  Operation,
  ParsedCriterion,
  Pointer,
  Reading,
  ReplyBody,
  Value,
  Workflow,
} from "@outhaul/spec";

/** A field of a request, and the value it gets. */
export interface Field {
  readonly name: string;
  readonly value: Value;
}

/** The fields that a step sends, by where they go. */
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

/** A state of a job, and the tests that recognise it. All tests have to hold. */
export interface StatePlan {
  readonly state: string;
  readonly tests: readonly ParsedCriterion[];
}

/** A workflow as the code and the README are written from it. */
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
    /** The fields of the start request that later steps use. */
    readonly keep: readonly string[];
  };
  /** How to find a job whose reply was lost: the field that the client makes unique, and the value of a reply that holds it. */
  readonly find?: { readonly unique: string; readonly match: Reading };
  /** The step between start and poll, and how a poll says that it is still to be done. */
  readonly further?: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    readonly accepted: readonly ParsedCriterion[];
    readonly due: readonly ParsedCriterion[];
  };
  /** Set where the reply to one request is the file: `start`, `poll` and `download` are of this request then. */
  readonly oneStep?: {
    /** The tests that tell that there is nothing to export. */
    readonly empty?: readonly ParsedCriterion[];
  };
  readonly poll: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    readonly states: readonly StatePlan[];
    readonly status?: Reading;
    readonly outputs: readonly Output[];
    readonly known: Readonly<Partial<Record<KnownOutput, Reading>>>;
    readonly adviceMs?: number;
    /** Set where the poll asks at a link of the start's reply: where the link is there, and what is inside the file, if that is gzip. */
    readonly link?: { readonly reading: Reading; readonly inside?: string };
    /** The bodies that the file may have, where the poll is the download. */
    readonly file?: readonly Body[];
  };
  readonly download?: {
    readonly operation: Operation;
    readonly bodies: readonly ReplyBody[];
    readonly request: StepRequest;
    /** The address of the file; of a list of files, that of the first one. */
    readonly fileUrl?: Reading;
    /** The origin that gets the credentials, too, if the file stands there. */
    readonly trustedOrigin?: string;
    /** The list of files, and where in its items the addresses are. */
    readonly files?: { readonly list: Reading; readonly item: Pointer };
    /** What names the next page, and the tests that hold as long as there is one. */
    readonly nextPage?: {
      readonly value: Reading;
      readonly tests: readonly ParsedCriterion[];
      /** The header that names it, if every page has that. */
      readonly header?: string;
    };
    /** The number of the first part, and where the poll's reply says how many there are. */
    readonly partNumber?: { readonly first: number; readonly count: Reading };
    /** Where the reply with the file's address says how the file is compressed. */
    readonly compression?: Reading;
    /** What is inside a gzip file at an address; `""` where nobody knows. */
    readonly inside?: string;
    /** The bodies that the file may have, where the reply is the file. */
    readonly file?: readonly Body[];
  };
  readonly cancel?: { readonly operation: Operation; readonly request: StepRequest };
}

/** The outputs of a poll that the runtime knows. */
export const knownOutputs = ["progressDone", "progressTotal", "fileName", "failureReason"] as const;

type KnownOutput = (typeof knownOutputs)[number];

/** The type of the poll's reply in the generated code. */
export function statusType({ oneStep, typeName }: WorkflowPlan): string {
  return oneStep ? "undefined" : `${typeName}Status`;
}

/** The names of the types that the file of a workflow exports. */
export function typesOf(plan: WorkflowPlan): string[] {
  return [`${plan.typeName}Request`, ...(plan.oneStep ? [] : [statusType(plan)])];
}

/** True if a job of the workflow can end without data. */
export function hasEmpty({ poll }: WorkflowPlan): boolean {
  return poll.states.some(({ state }) => state === "empty");
}
