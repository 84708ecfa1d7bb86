import { replaceAt } from "@outhaul/spec";
import type { Draft } from "./draft.js";
import type { DraftReply } from "./draft-operation.js";
import { sampleOf } from "./samples.js";

/** Examples by name, as OpenAPI has them. */
export type Examples = Record<string, { value: unknown }>;

/** The examples of a reply: of the poll's, one for each word. */
export function examplesOf(draft: Draft, reply: DraftReply, role: "start" | "poll" | "download"): Examples {
  const { writer, status, failureReason, fileUrl, download, poll } = draft;
  const whole = sampleOf(writer, reply.json ?? {}, { fields: "all" });
  if (role === "start") return { accepted: { value: startReply(draft, whole) } };
  if (role === "download" || !status) return { [role === "download" ? "file" : "reply"]: { value: whole } };
  const examples: Examples = {};
  for (const { word, state } of status.words) {
    let value = replaceAt(whole, status.field.pointer, word);
    if (failureReason)
      value = replaceAt(value, failureReason.pointer, state === "failed" ? "Too many rows." : null);
    if (fileUrl && download === poll && state !== "succeeded") value = without(value, fileUrl.pointer);
    const name = Object.hasOwn(examples, state) ? `${state}-${nameOf(word)}` : state;
    examples[name] = { value };
  }
  return examples;
}

/** A start's reply in which the job has not begun, where it has a state. */
function startReply({ status, poll, start }: Draft, whole: unknown): unknown {
  if (!status) return whole;
  const first =
    status.words.find(({ state }) => state === "queued") ??
    status.words.find(({ state }) => state === "running");
  const isSame = start.replies.some(
    ({ json }) =>
      json && poll.replies.some((one) => one.json?.$ref !== undefined && one.json.$ref === json.$ref),
  );
  return first && isSame ? replaceAt(whole, status.field.pointer, first.word) : whole;
}

/** A value without what is at a pointer. What is in a list leaves an empty list. */
function without(value: unknown, [token, ...rest]: readonly string[]): unknown {
  if (token === undefined) return value;
  if (Array.isArray(value)) return rest.length === 0 ? [] : value.map((item) => without(item, rest));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      key !== token ? [[key, inner]] : rest.length === 0 ? [] : [[key, without(inner, rest)]],
    ),
  );
}

function nameOf(word: string | number | boolean): string {
  return String(word)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
}
