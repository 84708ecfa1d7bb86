import { expect, test } from "vitest";
import { parseSource } from "./source.js";

const text = `# a comment
info:
  title: Acme
servers:
  - url: a
  - { url: b,
      x: 1 }
shared: &shared
  inner: 1
copy: *shared
`;

test.each([
  [[], 2],
  [["info", "title"], 3],
  [["servers", 0], 5],
  [["servers", 1, "x"], 7],
  [["copy", "inner"], 9],
  [["servers", 1, "nothing", "there"], 6],
  [["nothing"], 2],
])("the line of %j is %i", (path, line) => {
  expect(parseSource("a.yaml", text).source.lineOf(path)).toBe(line);
});

test("every syntax error has its line, and there is no value then", () => {
  const { source, diagnostics } = parseSource("a.yaml", "a: 1\na: 2\nb: [1\n");
  expect(diagnostics.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
    "a.yaml:2 yaml-syntax",
    "a.yaml:4 yaml-syntax",
  ]);
  expect(source.value).toBeUndefined();
});

test("a text that is read again has a value of its own, which nobody has changed", () => {
  const first = parseSource("a.yaml", text).source.value as { info: { title: string } };
  first.info.title = "Changed";
  const { source } = parseSource("b.yaml", text);
  expect(source.value).toMatchObject({ info: { title: "Acme" }, copy: { inner: 1 } });
  expect([source.file, source.lineOf(["info", "title"])]).toEqual(["b.yaml", 3]);
});
