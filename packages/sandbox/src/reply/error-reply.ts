import { mapLeaves, type Pointer, parseReading, replaceAt, valueAt } from "@outhaul/spec";
import { type ReplyTemplate, templatesOfReply } from "../job/reply-template.js";
import { asList, asObject, asText } from "../spec/narrow.js";
import type { Api, Operation } from "../spec/open-api.js";

/** An error that the vendor should answer. */
export interface VendorError {
  /** The fitting status codes, the best one first. The first one that the operation documents is used. */
  readonly statuses: readonly number[];
  /** The status code if the operation documents none of them. @default the best one */
  readonly otherwise?: number;
  /** A text to append to the message of the example. */
  readonly detail?: string;
  /** A text to replace the message of the example. */
  readonly message?: string;
  /** The name of the example to use. */
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

/** An error in the vendor's own format: a documented example, or else the example of another status code, changed to this one. */
export function errorTemplate(api: Api, operation: Operation | undefined, error: VendorError): ReplyTemplate {
  const pointers = messagePointers(api);
  const documented = error.statuses
    .flatMap((status) => errorTemplatesOf(operation).filter((each) => each.status === status))
    .find((each) => error.example === undefined || each.name === error.example);
  if (documented) return { ...documented, value: withMessage(documented.value, pointers, error) };

  const status = error.otherwise ?? error.statuses[0] ?? 500;
  const phrase = PHRASES[status] ?? `Status ${status}`;
  const similar = [...errorTemplatesOf(operation), ...api.operations.flatMap(errorTemplatesOf)].sort(
    (a, b) => Math.abs(a.status - status) - Math.abs(b.status - status),
  )[0];
  if (!similar) {
    const value = { message: error.message ?? error.detail ?? phrase };
    return { status, name: "", mediaType: "application/json", value, headers: [] };
  }
  let value = mapLeaves(similar.value, (leaf) => (leaf === similar.status ? status : leaf));
  for (const pointer of pointers) if (isText(value, pointer)) value = replaceAt(value, pointer, phrase);
  return { ...similar, status, headers: [], value: withMessage(value, pointers, error) };
}

/** The pointers to the message in the vendor's error replies, from the spec's `x-errors`. */
function messagePointers(api: Api): Pointer[] {
  return asList(asObject(api.root["x-errors"])["message"]).flatMap((each) => {
    const reading = parseReading(asText(each) ?? "");
    return reading?.kind === "body" ? [reading.pointer] : [];
  });
}

function errorTemplatesOf(operation: Operation | undefined): ReplyTemplate[] {
  return (operation?.replies ?? [])
    .filter(({ status }) => status >= 400)
    .flatMap(templatesOfReply)
    .filter(({ mediaType }) => mediaType !== undefined);
}

function withMessage(
  value: unknown,
  pointers: readonly Pointer[],
  { detail, message }: VendorError,
): unknown {
  const pointer = pointers.find((each) => isText(value, each));
  if (!pointer || (detail === undefined && message === undefined)) return value;
  const text = String(valueAt(value, pointer)).replace(/\.$/, "");
  return replaceAt(value, pointer, message ?? `${text}: ${detail}`);
}

function isText(value: unknown, pointer: Pointer): boolean {
  return typeof valueAt(value, pointer) === "string";
}
