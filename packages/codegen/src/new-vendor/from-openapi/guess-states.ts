import { valueAt } from "@outhaul/spec";
import { bestField, type FoundField, fieldsOf, mayBe, plainName } from "./fields.js";
import type { SchemaWriter, WrittenSchema } from "./schemas.js";

/** A state of a job that a vendor's word can mean. */
export type WordState = "queued" | "running" | "succeeded" | "empty" | "failed" | "cancelled" | "expired";

/** A word of the vendor's, and what it seems to mean. */
export interface StateWord {
  readonly word: string | number | boolean;
  readonly state: WordState;
  /** True if the word says nothing of its meaning. */
  readonly isGuess: boolean;
}

/** Where a poll's reply says how far the job is, and in which words. */
export interface StatusGuess {
  readonly field: FoundField;
  readonly words: readonly StateWord[];
  /** True if the document does not say the words. */
  readonly isInvented: boolean;
}

const WORDS: Readonly<Record<WordState, readonly string[]>> = {
  succeeded: [
    "complete",
    "completed",
    "done",
    "finished",
    "success",
    "succeeded",
    "successful",
    "ready",
    "available",
    "exported",
    "generated",
    "ok",
  ],
  empty: ["empty", "nodata", "donenodata", "nodataavailable", "noresults"],
  failed: [
    "failed",
    "failure",
    "fail",
    "error",
    "errored",
    "fatal",
    "invalid",
    "rejected",
    "unsuccessful",
    "incomplete",
    "notcompleted",
  ],
  cancelled: ["cancelled", "canceled", "aborted", "stopped", "killed", "terminated"],
  expired: ["expired", "deleted", "purged", "unavailable"],
  queued: [
    "queued",
    "pending",
    "created",
    "new",
    "waiting",
    "enqueued",
    "inqueue",
    "scheduled",
    "submitted",
    "accepted",
    "requested",
    "received",
    "notstarted",
    "initial",
    "open",
  ],
  running: [
    "running",
    "processing",
    "inprogress",
    "started",
    "active",
    "executing",
    "working",
    "generating",
    "exporting",
    "preparing",
    "building",
    "finalizing",
    "uploading",
    "progress",
    "pendingcompletion",
  ],
};
const MEANINGS = new Map(
  Object.entries(WORDS).flatMap(([state, words]) => words.map((word) => [word, state as WordState] as const)), // the keys are the states
);

/** Finds the field that tells a job's state, and what its words mean. Undefined if no field looks like one. */
export function guessStatus(
  writer: SchemaWriter,
  reply: WrittenSchema,
  started: WrittenSchema | undefined,
  /** Whole replies that the document shows: of the poll, and of the start. */
  examples: readonly unknown[],
): StatusGuess | undefined {
  const fields = fieldsOf(writer, reply);
  const others = started ? fieldsOf(writer, started) : [];
  const field = bestField(fields, (one) => scoreOf(writer, one, examples));
  if (!field) return undefined;
  // Where no list of words stands, the start's field of the same name may show one more.
  const twin = others.find(({ name }) => name === field.name);
  const isListed = field.schema["x-extensible-enum"] !== undefined;
  const known = [
    ...new Set([
      ...wordsOf(writer, field, examples),
      ...(twin && !isListed ? wordsOf(writer, twin, []) : []),
    ]),
  ];
  if (mayBe(field.schema, "boolean") && !mayBe(field.schema, "string"))
    return {
      field,
      isInvented: false,
      words: [
        { word: false, state: "running", isGuess: false },
        { word: true, state: "succeeded", isGuess: false },
      ],
    };
  const words = known.map(meaningOf);
  const isNumber = !mayBe(field.schema, "string");
  const hasSuccess = words.some(({ state }) => state === "succeeded");
  const isInvented = !hasSuccess;
  if (isInvented) {
    const last = isNumber ? words.pop() : undefined;
    words.push({ word: last?.word ?? (isNumber ? 2 : "done"), state: "succeeded", isGuess: true });
  }
  if (!words.some(({ state }) => state === "queued" || state === "running"))
    words.push({ word: isNumber ? -1 : "running", state: "running", isGuess: true });
  return { field, words, isInvented };
}

function scoreOf(writer: SchemaWriter, field: FoundField, examples: readonly unknown[]): number {
  const name = plainName(field.name);
  if (mayBe(field.schema, "boolean") && !mayBe(field.schema, "string"))
    return /^(is)?(done|finished|completed?|ready)$/.test(name) ? 3 : 0;
  if (!mayBe(field.schema, "string", "integer", "number") || field.pointer.at(-1) === "0") return 0;
  const byName = /^(status|state|phase)$/.test(name) ? 4 : /(status|state|phase)$/.test(name) ? 3 : 0;
  const means = wordsOf(writer, field, examples).map((word) => meaningOf(word));
  const isClear = means.some(({ state, isGuess }) => state === "succeeded" && !isGuess);
  return byName + (isClear && (byName > 0 || field.schema["x-extensible-enum"]) ? 4 : 0);
}

/** The words of a field: those of its enum, of examples, or of what is said about it. */
function wordsOf(
  writer: SchemaWriter,
  { schema, pointer, name }: FoundField,
  examples: readonly unknown[],
): (string | number)[] {
  const { example, description = "" } = writer.notesOf(schema);
  const known = schema["x-extensible-enum"] ?? [];
  if (known.length > 0) return [...known];
  const shown = [example, ...examples.flatMap((one) => [valueAt(one, pointer), valueAt(one, [name])])].filter(
    (value): value is string | number =>
      (typeof value === "string" && /^[\w .-]{1,40}$/.test(value)) || typeof value === "number",
  );
  const told = [...description.slice(0, 4_000).matchAll(/\w+/g)]
    .map(([word]) => word)
    .filter((word) => MEANINGS.has(plainName(word)));
  const isList = told.some((word) => MEANINGS.get(plainName(word)) === "succeeded") && new Set(told).size > 1;
  const all = [...new Set([...shown, ...(isList ? told : [])])];
  // The same word in another case is the same word of a sentence.
  return all.filter(
    (word, index) => all.findIndex((other) => plainName(String(other)) === plainName(String(word))) === index,
  );
}

function meaningOf(word: string | number): StateWord {
  const plain = plainName(String(word));
  const state = MEANINGS.get(plain);
  if (state) return { word, state, isGuess: false };
  const part = [...MEANINGS].find(
    ([known]) => known.length > 3 && plain.includes(known) && !/^(not|un|in)/.test(plain),
  );
  return { word, state: part?.[1] ?? "running", isGuess: true };
}
