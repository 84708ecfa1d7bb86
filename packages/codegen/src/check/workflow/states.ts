import {
  type Action,
  bodiesRead,
  LINK_OPERATION,
  type Literal,
  meetsAll,
  type Operation,
  type ParsedCriterion,
  type Path,
  parseCriterion,
  pollOf,
  printExpression,
  type Reading,
  type ReplyView,
  reach,
  readingsOf,
  stateOf,
  textOf,
  wordsOf,
} from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";
import { watched } from "../context/report.js";
import { knownWords } from "./pointers.js";

interface State {
  readonly state: string;
  /** The action's own name; `succeeded` for the success criteria. */
  readonly name: string;
  readonly tests: readonly ParsedCriterion[];
  readonly at: Path;
}

/** Checks that each state of a poll can be reached, that each known word has a state, and that each state has an example. */
export function checkStates(context: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const poll = pollOf(workflow);
  const operation = poll && context.operations.get(poll.operationId);
  if (!operation) return;
  const path = [...at, "steps", workflow.steps.indexOf(poll)];
  const state = (action: Action, index: number): State => ({
    state: stateOf(action),
    name: action.name,
    tests: (action.criteria ?? []).map(parseCriterion),
    at: [...path, "onFailure", index],
  });
  const states: State[] = [
    {
      state: "succeeded",
      name: "succeeded",
      tests: (poll.successCriteria ?? []).map(parseCriterion),
      at: [...path, "successCriteria"],
    },
    ...(poll.onFailure ?? []).map(state),
  ];
  const { report, isUsed } = watched(context.report);
  checkUnknown(context, states, [...path, "onFailure"]);
  checkReachable({ ...context, report }, states, operation);
  if (isUsed()) return;
  checkStateExamples(context, states, operation, path);
  checkKnownWords(context, states, operation);
}

function checkUnknown({ report }: ArazzoContext, states: readonly State[], at: Path): void {
  const readsWords = states.some(({ tests }) => readingsOf(tests).some(({ kind }) => kind === "body"));
  const last = states.at(-1);
  if (readsWords && (last?.state !== "unknown" || last.tests.length > 0)) {
    report(
      at,
      "unknown-missing",
      "a word that no action knows is not waited out",
      "end with { name: unknown, type: retry, retryAfter: …, retryLimit: … }",
    );
  }
}

function checkReachable({ report }: ArazzoContext, states: readonly State[], operation: Operation): void {
  const samples = sampleReplies(states, operation);
  for (const [index, state] of states.entries()) {
    const earlier = states.slice(0, index);
    const catchAll = earlier.find(({ tests }) => tests.length === 0);
    if (catchAll) {
      report(
        state.at,
        "status-unreachable",
        `${state.name} stands behind ${catchAll.name}, which takes every reply`,
        "move the action without criteria to the end",
      );
      continue;
    }
    const own = samples.filter((reply) => meetsAll(state.tests, reply));
    const takenBy = (reply: ReplyView): State | undefined =>
      earlier.find(({ tests }) => meetsAll(tests, reply));
    const [first] = own;
    if (first && own.every(takenBy)) {
      report(
        state.at,
        "status-unreachable",
        `${state.name} is never reached: ${takenBy(first)?.name} matches before it`,
        "take one of the two away, or tell them apart",
      );
      continue;
    }
    for (const word of new Set(wordsOf(state.tests, ({ kind }) => kind === "body"))) {
      const withWord = own.filter(({ body }) => textOf(body).includes(textOf(word)));
      const [reply] = withWord;
      if (reply && withWord.every(takenBy)) {
        report(
          state.at,
          "status-unreachable",
          `${textOf(word)} never comes to ${state.name}: ${takenBy(reply)?.name} matches it before`,
          "take the word away from one of the two",
        );
      }
    }
  }
}

function checkStateExamples(
  { report }: ArazzoContext,
  states: readonly State[],
  operation: Operation,
  at: Path,
): void {
  const documented = documentedReplies(operation);
  const shown = new Set(documented.map((reply) => states.find(({ tests }) => meetsAll(tests, reply))?.state));
  for (const name of new Set(states.map(({ state }) => state))) {
    if (name === "unknown" || shown.has(name)) continue;
    const where = states.find(({ state }) => state === name)?.at ?? at;
    if (operation.id === LINK_OPERATION)
      report(
        where,
        "link-poll",
        `nothing that file stores answer at a link is ${name}`,
        "they answer 404 or 403 as long as the file is not there, and 403 (Request has expired), 400 (ExpiredToken) or 410 when it is no longer there; beside a condition on the text stands one on $statusCode",
      );
    else
      report(
        where,
        "example-missing",
        `no reply of ${operation.id} in openapi.yaml is an example of ${name}`,
        "add one: the sandbox answers with it",
      );
  }
}

function checkKnownWords(
  { document, report }: ArazzoContext,
  states: readonly State[],
  operation: Operation,
): void {
  const tests = states.map((state) => state.tests);
  const readings = new Map(tests.flatMap(readingsOf).map((reading) => [printExpression(reading), reading]));
  for (const reading of readings.values()) {
    if (reading.kind !== "body") continue;
    const schemas = bodiesRead(operation, tests).flatMap(
      ({ schema }) => reach(document, schema, reading.pointer)?.schemas ?? [],
    );
    for (const word of new Set(knownWords(schemas))) {
      const reply = { status: 200, headers: headersOf({}), body: bodyWith(new Map([[reading, word]])) };
      const state = states.find((one) => meetsAll(one.tests, reply));
      const readsIt = states.filter(({ tests }) =>
        readingsOf(tests).some((other) => printExpression(other) === printExpression(reading)),
      );
      if (state && state.state !== "unknown") continue;
      const at = readsIt[0]?.at ?? [];
      report(
        at,
        "word-unhandled",
        `no action knows '${word}', which ${printExpression(reading)} can be`,
        "add it to an action, or take it out of x-extensible-enum",
      );
    }
  }
}

/** Builds replies from each value that the conditions name, and from one that they do not name. */
function sampleReplies(states: readonly State[], operation: Operation): ReplyView[] {
  const tests = states.flatMap((state) => state.tests);
  const named = wordsOf(tests, ({ kind }) => kind === "status").map(Number);
  const codes = new Set([200, 404, 500, ...named, ...named.map((code) => code + 1)]);
  const readings = [
    ...new Map(readingsOf(tests).map((reading) => [printExpression(reading), reading])).values(),
  ];
  let values: Map<Reading, Literal | undefined>[] = [new Map()];
  for (const reading of readings.filter(({ kind }) => kind !== "status")) {
    const words = wordsOf(tests, (other) => printExpression(other) === printExpression(reading));
    const near = words.flatMap((word): Literal[] =>
      typeof word === "number" ? [word - 1, word, word + 1] : [word],
    );
    const choices = [undefined, ...new Set<Literal>([...near, "a word that no vendor says"])];
    if (values.length * choices.length > 5_000) break; // enough replies to decide
    values = values.flatMap((known) => choices.map((choice) => new Map(known).set(reading, choice)));
  }
  const built = values.flatMap((known) => {
    const headers = [...known].flatMap(([reading, value]) =>
      reading.kind === "header" && value !== undefined ? [[reading.name.toLowerCase(), String(value)]] : [],
    );
    return [...codes].map((status) => ({
      status,
      headers: headersOf(Object.fromEntries(headers)),
      body: bodyWith(known),
    }));
  });
  return [...built, ...documentedReplies(operation)];
}

/** Headers by their names in lower case. */
function headersOf(values: Readonly<Record<string, string>>): ReplyView["headers"] {
  return { get: (name) => values[name.toLowerCase()] ?? null };
}

function documentedReplies({ replies }: Operation): ReplyView[] {
  return replies.flatMap(({ status, bodies }): ReplyView[] => {
    const examples = bodies.flatMap((body) => body.examples.map(({ value }) => value));
    return (examples.length > 0 ? examples : [undefined]).map((body) => ({
      status: Number(status),
      headers: headersOf({}),
      body,
    }));
  });
}

/** Builds the smallest body that holds the values of the readings. */
function bodyWith(values: ReadonlyMap<Reading, Literal | undefined>): unknown {
  let body: unknown;
  for (const [reading, value] of values) {
    if (reading.kind === "body" && value !== undefined) body = put(body, reading.pointer, value);
  }
  return body;
}

function put(target: unknown, [token, ...rest]: readonly string[], value: Literal): unknown {
  if (token === undefined) return target ?? value;
  const inner = typeof target === "object" && target !== null ? (target as Record<string, unknown>) : {}; // this function built it
  return { ...inner, [token]: put(inner[token], rest, value) };
}
