import type { Fault, FaultTarget } from "./fault.js";

/** When a fault applies: as a job starts, before a request is handled, or as its reply is sent. */
type Phase = "job" | "request" | "reply";

/** A field of a fault: its JSON Schema, with a title and what it is if it is not given. */
export interface FaultField {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly object[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly additionalProperties?: { readonly type: "string" };
  readonly title: string;
  readonly default?: string | number;
  /** A value to begin with, for people. */
  readonly examples?: readonly unknown[];
}

/** A switch that people turn a fault on with: some of its fields are set, and so part of what the switch is. */
export interface FaultPreset {
  readonly title: string;
  readonly description: string;
  readonly set: Readonly<Record<string, string | number>>;
}

/** What there is to know of one kind of fault. */
export interface FaultKind<Name extends string = string> {
  readonly title: string;
  readonly description: string;
  readonly phase: Phase;
  /** The part of a workflow that it waits for if nothing else is said. @default any request */
  readonly on?: NonNullable<FaultTarget["on"]>;
  readonly fields: { readonly [Field in Name]: FaultField };
  /** Switches of their own, before that of the kind itself. */
  readonly presets?: readonly FaultPreset[];
}

type FieldsOf<Kind extends Fault["kind"]> = Exclude<
  keyof Extract<Fault, { kind: Kind }> & string,
  "kind" | keyof FaultTarget
>;

/** The fields that every fault may have: the requests that it applies to. */
export const targetFields = {
  operation: { type: "string", title: "Operation" },
  on: { enum: ["start", "poll", "download", "file"], title: "Part of the export" },
  job: { type: "string", title: "Export" },
  skip: { type: "integer", minimum: 0, title: "Requests to let pass first", default: 0 },
  times: {
    anyOf: [{ type: "integer", minimum: 1 }, { const: "always" }],
    title: "How many times",
    default: 1,
  },
} as const satisfies { readonly [Field in keyof Required<FaultTarget>]: FaultField };

const atByte = { type: "integer", minimum: 0, title: "After how many bytes; half of them if empty" } as const;

/** All faults of the sandbox: the one list that the types, the checks, the admin endpoints and the live page go by. */
export const faultKinds = {
  error: {
    title: "Error",
    description: "answers an error in the vendor's shape",
    phase: "request",
    fields: {
      status: { type: "integer", minimum: 200, maximum: 599, title: "Status code", default: 500 },
      retryAfter: { type: ["string", "number"], title: "Retry-After, in seconds" },
      sendAs: { type: "integer", minimum: 200, maximum: 599, title: "Status code to send instead" },
      message: { type: "string", title: "Text of the error" },
      example: { type: "string", title: "Documented example to send" },
    },
    presets: [
      {
        title: "Too many requests",
        description: "answers 429, and says when to come back",
        set: { status: 429, retryAfter: 2 },
      },
    ],
  },
  outcome: {
    title: "Bad end",
    description: "the next export ends so",
    phase: "job",
    on: "start",
    fields: {
      outcome: {
        enum: ["succeeded", "empty", "failed", "cancelled", "expired"],
        title: "How it ends",
        default: "failed",
      },
      failureReason: { type: "string", title: "Reason" },
    },
  },
  unknownStatus: {
    title: "Unknown word",
    description: "a poll answers a word that the vendor does not document",
    phase: "request",
    on: "poll",
    fields: { word: { type: ["string", "number"], title: "Word", default: "NEWLY_INVENTED" } },
  },
  lostReply: {
    title: "Lost reply",
    description: "does what it is asked, then the connection breaks before the reply",
    phase: "reply",
    on: "start",
    fields: {},
  },
  dropped: {
    title: "Dropped request",
    description: "the connection breaks before anything is done",
    phase: "request",
    fields: {},
  },
  hang: { title: "No reply", description: "never answers", phase: "request", fields: {} },
  cutConnection: {
    title: "Cut connection",
    description: "the connection breaks in the middle of the file",
    phase: "reply",
    on: "file",
    fields: {
      atByte,
      bytesPerSecond: { type: "number", exclusiveMinimum: 0, title: "Bytes per second until then" },
    },
  },
  truncatedBody: {
    title: "Short file",
    description: "the file ends early, but cleanly",
    phase: "reply",
    on: "file",
    fields: { atByte },
  },
  slowBody: {
    title: "Slow file",
    description: "the file comes slowly",
    phase: "reply",
    on: "file",
    fields: {
      bytesPerSecond: { type: "number", exclusiveMinimum: 0, title: "Bytes per second", default: 10_000 },
    },
  },
  html: {
    title: "HTML instead of the file",
    description: "answers a sign-in page with 200",
    phase: "reply",
    on: "file",
    fields: { body: { type: "string", title: "Page" } },
  },
  expiredLink: {
    title: "Expired link",
    description: "the link to the file has expired",
    phase: "request",
    on: "file",
    fields: {},
  },
  changedFile: {
    title: "Changed file",
    description: "the file is another one from now on",
    phase: "request",
    on: "file",
    fields: {},
  },
  headers: {
    title: "Other headers",
    description: "adds or replaces headers of the reply",
    phase: "reply",
    fields: {
      headers: {
        type: "object",
        additionalProperties: { type: "string" },
        title: "Headers, one a line",
        examples: [{ "content-type": "text/plain" }],
      },
    },
  },
} as const satisfies { readonly [Kind in Fault["kind"]]: FaultKind<FieldsOf<Kind>> };

type KindsOf<Wanted extends Phase> = {
  [Kind in Fault["kind"]]: (typeof faultKinds)[Kind]["phase"] extends Wanted ? Kind : never;
}[Fault["kind"]];

/** The faults that apply as a job starts. */
export type JobFault = Extract<Fault, { kind: KindsOf<"job"> }>;

/** The faults that apply before a request is handled. */
export type RequestFault = Extract<Fault, { kind: KindsOf<"request"> }>;

/** The faults that apply to a reply. */
export type ReplyFault = Extract<Fault, { kind: KindsOf<"reply"> }>;

/** What there is to know of a kind of fault. */
export function faultKind(kind: Fault["kind"]): FaultKind {
  return faultKinds[kind];
}
