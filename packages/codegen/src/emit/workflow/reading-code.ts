import { type OpenApi, type Reading, type ReplyBody, reach } from "@outhaul/spec";
import { isIdentifier } from "../../text/names.js";

/** The schemas of the replies that a reading reads. */
export interface ReplyTypes {
  readonly document: OpenApi;
  readonly bodies: readonly ReplyBody[];
}

/** Writes a typed reading of a reply: `reply.body?.items?.[0]?.status`. */
export function readingCode(reading: Reading, { document, bodies }: ReplyTypes): string {
  if (reading.kind !== "body") return headCode(reading);
  const [first] = bodies;
  const indexes = first ? reach(document, first.schema, reading.pointer)?.indexes : undefined;
  const steps = reading.pointer.map((token, position) => {
    if (indexes?.[position]) return `?.[${Number(token)}]`;
    return isIdentifier(token) ? `?.${token}` : `?.[${JSON.stringify(token)}]`;
  });
  return `reply.body${steps.join("")}`;
}

/** Writes a reading of a reply whose body may be anything: `at(reply.body, "payload", "message")`. */
export function untypedReadingCode(reading: Reading): string {
  if (reading.kind !== "body") return headCode(reading);
  const tokens = reading.pointer.map((token) => (/^\d+$/.test(token) ? token : JSON.stringify(token)));
  return tokens.length > 0 ? `at(reply.body, ${tokens.join(", ")})` : "reply.body";
}

function headCode(reading: Exclude<Reading, { kind: "body" }>): string {
  return reading.kind === "status" ? "reply.status" : `reply.headers.get(${JSON.stringify(reading.name)})`;
}
