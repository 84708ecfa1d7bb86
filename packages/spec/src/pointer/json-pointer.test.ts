import { expect, test } from "vitest";
import { mapLeaves, parsePointer, refPath, replaceAt, valueAt } from "./json-pointer.js";

/** The document of RFC 6901 §5. */
const document = {
  foo: ["bar", "baz"],
  "": 0,
  "a/b": 1,
  "c%d": 2,
  "e^f": 3,
  "g|h": 4,
  "i\\j": 5,
  'k"l': 6,
  " ": 7,
  "m~n": 8,
};

test.each([
  ["", document],
  ["/foo", ["bar", "baz"]],
  ["/foo/0", "bar"],
  ["/", 0],
  ["/a~1b", 1],
  ["/c%d", 2],
  ["/e^f", 3],
  ["/g|h", 4],
  ["/i\\j", 5],
  ['/k"l', 6],
  ["/ ", 7],
  ["/m~0n", 8],
])("%j reaches its value", (text, value) => {
  expect(valueAt(document, parsePointer(text) ?? ["no pointer"])).toEqual(value);
});

test.each([
  ["/foo/2", "an index after the end"],
  ["/foo/01", "an index with a leading zero"],
  ["/foo/-1", "a negative index"],
  ["/foo/length", "a property of lists"],
  ["/foo/0/0", "a character of a text"],
  ["/constructor", "an inherited property"],
  ["/none", "a property that is not there"],
])("%j reaches nothing: %s", (text) => {
  expect(valueAt(document, parsePointer(text) ?? [])).toBeUndefined();
});

test("a pointer is empty or begins with a slash", () => {
  expect(parsePointer("foo")).toBeUndefined();
  expect(parsePointer("/~01")).toEqual(["~1"]);
});

test("a reference is a URI fragment", () => {
  expect(refPath("#/c%25d/a~1b")).toEqual(["c%d", "a/b"]);
  expect(refPath("#/100%")).toEqual(["100%"]);
});

test("a value is replaced in a copy, and nothing is added", () => {
  expect(replaceAt({ a: [1, 2] }, ["a", "1"], 3)).toEqual({ a: [1, 3] });
  for (const path of [["b"], ["a", "2"], ["a", "x"], ["a", "0", "0"]])
    expect(replaceAt({ a: [1, 2] }, path, 3)).toEqual({ a: [1, 2] });
});

test("leaves are mapped with their pointers", () => {
  const document = { a: [1, null], b: "x" };
  expect(mapLeaves(document, (leaf, pointer) => `${pointer.join("/")}=${leaf}`)).toEqual({
    a: ["a/0=1", "a/1=null"],
    b: "b=x",
  });
});
