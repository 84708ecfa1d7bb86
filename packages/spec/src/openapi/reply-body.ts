import { type ParsedCriterion, readingsOf, wordsOf } from "../condition/criterion.js";
import type { Schema } from "./openapi.js";
import type { Operation } from "./operations.js";

/** A documented JSON body of a reply. */
export interface ReplyBody {
  readonly status: string;
  readonly contentType: string;
  readonly schema: Schema;
}

/** The JSON bodies that expressions may read: those of the 2xx replies, and those of the status codes that criteria name. */
export function bodiesRead(
  operation: Operation,
  criteria: readonly (readonly ParsedCriterion[])[] = [],
): ReplyBody[] {
  const read = criteria
    .filter((criteria) => readingsOf(criteria).some(({ kind }) => kind === "body"))
    .flatMap(codesOf);
  const bodies = jsonBodies(operation).filter(
    ({ status }) => /^2\d\d$/.test(status) || read.includes(status),
  );
  if (bodies.length > 0) return bodies;
  const named = criteria.flatMap(codesOf);
  return jsonBodies(operation).filter(({ status }) => named.includes(status));
}

/** All JSON bodies of an operation's replies. */
export function jsonBodies(operation: Operation): ReplyBody[] {
  return operation.replies.flatMap(({ status, bodies }) =>
    bodies
      .filter(({ isJson }) => isJson)
      .map(({ contentType, schema = {} }) => ({ status, contentType, schema })),
  );
}

function codesOf(criteria: readonly ParsedCriterion[]): string[] {
  return wordsOf(criteria, ({ kind }) => kind === "status").map(String);
}
