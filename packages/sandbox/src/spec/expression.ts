import { type Pointer, parsePointer, readPointer } from "./json-pointer.js";

/** A reply as the workflows' expressions see it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON, or the text. */
  readonly body: unknown;
}

/** What an expression reads of a reply. */
export type Reading =
  | { readonly kind: "status" }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "body"; readonly pointer: Pointer };

/** Parses `$statusCode`, `$response.header.x`, `$response.body` or `$response.body#/pointer`. */
export function parseReading(text: string): Reading | undefined {
  if (text === "$statusCode") return { kind: "status" };
  if (text === "$response.body") return { kind: "body", pointer: [] };
  if (text.startsWith("$response.body#")) {
    return { kind: "body", pointer: parsePointer(text.slice("$response.body#".length)) };
  }
  const header = /^\$response\.header\.([\w-]+)$/.exec(text)?.[1];
  return header === undefined ? undefined : { kind: "header", name: header };
}

/** The value that is read; undefined when there is none. */
export function read(reading: Reading, reply: Seen): unknown {
  if (reading.kind === "status") return reply.status;
  if (reading.kind === "header") return reply.headers.get(reading.name) ?? undefined;
  return readPointer(reply.body, reading.pointer);
}

/** Where in a job's life the value of a step's parameter comes from: `$inputs.name` or `$steps.start.outputs.id`. */
export type Source = `inputs.${string}` | `${string}.outputs.${string}`;

/** The source that an expression names. */
export function parseSource(value: unknown): Source | undefined {
  if (typeof value !== "string") return undefined;
  const input = /^\$inputs\.(\w+)$/.exec(value)?.[1];
  if (input !== undefined) return `inputs.${input}`;
  const [, step, output] = /^\$steps\.([\w-]+)\.outputs\.(\w+)$/.exec(value) ?? [];
  return step === undefined || output === undefined ? undefined : `${step}.outputs.${output}`;
}
