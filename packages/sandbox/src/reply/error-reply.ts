import { type ReplyTemplate, templatesOfReply } from "../job/kind.js";
import { parseReading } from "../spec/expression.js";
import { mapLeaves, type Pointer, readPointer, writePointer } from "../spec/json-pointer.js";
import { asList, asObject, asText } from "../spec/narrow.js";
import type { Api, Operation } from "../spec/open-api.js";

/** What to answer when something is wrong. */
export interface ErrorWish {
  /** The codes that fit, the best first. The first of them that the operation documents is taken. */
  readonly statuses: readonly number[];
  /** The code where the operation documents none of them. @default the first of them */
  readonly otherwise?: number;
  /** What is wrong, added to the example's own text. */
  readonly detail?: string;
  /** The text in place of the example's. */
  readonly message?: string;
  /** The name of the example to take. */
  readonly example?: string;
}

const PHRASES: Readonly<Record<number, string>> = {
  400: "Bad request",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  406: "Not acceptable",
  409: "Conflict",
  410: "Gone",
  415: "Unsupported media type",
  429: "Too many requests",
  500: "Internal server error",
  502: "Bad gateway",
  503: "Service unavailable",
};

/** An error in the vendor's own shape: a documented example, or one of another code with this code put in. */
export function errorTemplate(api: Api, operation: Operation | undefined, wish: ErrorWish): ReplyTemplate {
  const places = asList(asObject(api.root["x-errors"])["message"]).flatMap((each) => {
    const reading = parseReading(asText(each) ?? "");
    return reading?.kind === "body" ? [reading.pointer] : [];
  });
  const documented = wish.statuses
    .flatMap((status) => errorsOf(operation).filter((each) => each.status === status))
    .filter((each) => wish.example === undefined || each.name === wish.example)[0];
  if (documented) return { ...documented, value: withText(documented.value, places, wish) };

  const status = wish.otherwise ?? wish.statuses[0] ?? 500;
  const shape = [...errorsOf(operation), ...api.operations.flatMap(errorsOf)].sort(
    (a, b) => Math.abs(a.status - status) - Math.abs(b.status - status),
  )[0];
  const phrase = PHRASES[status] ?? `Status ${status}`;
  if (!shape) {
    const value = { message: wish.message ?? wish.detail ?? phrase };
    return { status, name: "", mediaType: "application/json", value, headers: [] };
  }
  let value = mapLeaves(shape.value, (leaf) => (leaf === shape.status ? status : leaf));
  for (const place of places) if (isText(value, place)) value = writePointer(value, place, phrase);
  return { ...shape, status, headers: [], value: withText(value, places, wish) };
}

function errorsOf(operation: Operation | undefined): ReplyTemplate[] {
  return (operation?.replies ?? [])
    .filter(({ status }) => status >= 400)
    .flatMap(templatesOfReply)
    .filter(({ mediaType }) => mediaType !== undefined);
}

function withText(value: unknown, places: readonly Pointer[], { detail, message }: ErrorWish): unknown {
  const place = places.find((each) => isText(value, each));
  if (!place || (detail === undefined && message === undefined)) return value;
  const text = String(readPointer(value, place)).replace(/\.$/, "");
  return writePointer(value, place, message ?? `${text}: ${detail}`);
}

function isText(value: unknown, place: Pointer): boolean {
  return typeof readPointer(value, place) === "string";
}
