import { readingsOf, type Test, wordsOf } from "./criteria.js";
import type { Schema } from "./openapi.js";
import type { Operation } from "./operations.js";

/** A JSON body that a step reads: the reply's code, its content type and its schema. */
export interface ReplyBody {
  readonly status: string;
  readonly contentType: string;
  readonly schema: Schema;
}

/** The JSON bodies of an operation's 2xx replies, and of the codes by which a condition reads a body. */
export function bodiesRead(operation: Operation, criteria: readonly (readonly Test[])[] = []): ReplyBody[] {
  const read = criteria
    .filter((tests) => readingsOf(tests).some(({ kind }) => kind === "body"))
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

function codesOf(tests: readonly Test[]): string[] {
  return wordsOf(tests, ({ kind }) => kind === "status").map(String);
}
