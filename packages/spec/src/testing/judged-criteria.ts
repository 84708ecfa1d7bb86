import type { Criterion } from "../condition/criterion.js";

/** A reply of a server, as it is sent. */
export interface SampleReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const reply = (body: unknown, status = 200, headers: Record<string, string> = {}): SampleReply => ({
  status,
  headers,
  body,
});
const simple = (condition: string): Criterion => ({ condition });
const regex = (context: string, condition: string): Criterion => ({ context, type: "regex", condition });

/** Criteria and replies, and whether they hold. Redocly Respect says the same; `npm run respect` asks it. */
export const agreed: readonly (readonly [Criterion, SampleReply, boolean])[] = [
  [simple("$statusCode == 200"), reply({}), true],
  [simple("$statusCode == 201"), reply({}), false],
  // The evaluation ends with false at the first value that is not there.
  [simple("$statusCode == 200 || $response.body#/a == 1"), reply({}), true],
  [simple("$response.body#/a == 1 || $statusCode == 200"), reply({}), false],
  [simple("$response.body#/a != 1 && $statusCode == 200"), reply({}), false],
  [simple("$response.body#/a != 1"), reply({}), false],
  [simple("$response.body#/a == null"), reply({}), false],
  [simple("$response.body#/a == null"), reply({ a: null }), true],
  [simple("$response.body#/a != null"), reply({ a: null }), false],
  [simple("$response.body#/n > 2"), reply({ n: 3 }), true],
  [simple("$response.body#/n > 2"), reply({ n: "3" }), true],
  [simple("$response.body#/n > 2"), reply({ n: [3] }), true],
  [simple("$response.body#/n > 0"), reply({ n: true }), true],
  [simple("$response.body#/n <= 0"), reply({ n: false }), true],
  [simple("$response.body#/n <= 0"), reply({ n: "" }), true],
  [simple("$response.body#/n <= 0"), reply({ n: "x" }), false],
  [simple("$response.body#/n == true"), reply({ n: "true" }), false],
  [simple("$response.body#/items/0 == 1"), reply({ items: [1, 2] }), true],
  [simple("$response.body#/items/00 == 1"), reply({ items: [1, 2] }), false],
  [simple("$response.body#/items/-1 == 2"), reply({ items: [1, 2] }), false],
  [simple("$response.body#/constructor != 'x'"), reply({}), false],
  [simple("$response.body#/a~1b == 1"), reply({ "a/b": 1 }), true],
  [simple("$response.body#/a~01b == 1"), reply({ "a~1b": 1 }), true],
  [simple("$response.body#/a%20b == 1"), reply({ "a b": 1 }), false],
  [simple("$response.body#/ == 1"), reply({ "": 1 }), true],
  [simple("$response.header.x-left == 3"), reply({}, 200, { "x-left": "3" }), true],
  [simple("$response.header.X-Left == '3'"), reply({}, 200, { "x-left": "3" }), true],
  [simple("$response.header.x-left > 2"), reply({}, 200, { "x-left": "10" }), true],
  [simple("$response.body#/s == 'IT'"), reply({ s: "it" }), false],
  [simple("$response.body#/s == 'a && b'"), reply({ s: "a && b" }), true],
  [simple("$response.body == 'done'"), reply("done"), true],
  [simple("$response.body == true"), reply(true), true],
  [simple("$response.body#/a == 1.0"), reply({ a: 1 }), true],
  [simple("$statusCode == 200 && $response.body#/a == 1 || $statusCode == 500"), reply({ a: 1 }, 500), true],
  [simple("$statusCode == 500 || $statusCode == 200 && $response.body#/a == 1"), reply({ a: 1 }), true],
  [regex("$response.body", "^done$"), reply("done"), true],
  [regex("$response.body", '^"done"$'), reply("done"), false],
  [regex("$response.body#/s", "^5$"), reply({ s: 5 }), true],
  [regex("$response.body#/s", "^null$"), reply({ s: null }), true],
  [regex("$response.body#/s", "undefined"), reply({}), false],
  [regex("$response.body#/s", "/^A$/i"), reply({ s: "a" }), true],
  [regex("$response.header.x-word", "^a$"), reply({}, 200, { "x-word": "a" }), true],
  [regex("$response.header.x-none", "null"), reply({}), false],
  [regex("$statusCode", "^2"), reply({}), true],
];

/** Criteria of which Redocly Respect says the opposite, and why this package does not follow it. */
export const disputed: readonly (readonly [string, Criterion, SampleReply, boolean])[] = [
  ["Arazzo 1.0.1: '' is a quote", simple("$response.body#/s == 'it''s'"), reply({ s: "it's" }), true],
  ["Arazzo 1.0.1: a number may be negative", simple("$response.body#/a == -1"), reply({ a: -1 }), true],
  ["a text is no number", simple("$response.body#/n == 2"), reply({ n: "2" }), false],
  ["a number is no text", simple("$response.body#/n == '2'"), reply({ n: 2 }), false],
  ["null is no number", simple("$response.body#/n <= 0"), reply({ n: null }), false],
  ["a list has no property", simple("$response.body#/items/length == 2"), reply({ items: [1, 2] }), false],
  ["a text has no items", simple("$response.body#/s/0 == 'a'"), reply({ s: "abc" }), false],
  ["a missing header is no value", simple("$response.header.x-none != 'a'"), reply({}), false],
  ["only 2xx is a success", simple("$response.body#/a == 1"), reply({ a: 1 }, 500), false],
  ["an object is JSON", regex("$response.body", '"s":"a"'), reply({ s: "a" }), true],
];
