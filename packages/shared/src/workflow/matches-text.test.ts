import { expect, test } from "vitest";
import { matchesText } from "./matches-text.js";

test("a text is matched as it is", () => {
  expect(matchesText(" FINISHED", /^\s*FINISHED\s*$/)).toBe(true);
  expect(matchesText("UNFINISHED", /^\s*FINISHED\s*$/)).toBe(false);
  expect(matchesText("report 3f2a (copy)", "report 3f2a")).toBe(true);
});

test("what is no text is matched as JSON", () => {
  expect(matchesText({ state: "done" }, /"done"/)).toBe(true);
  expect(matchesText(2, /^2$/)).toBe(true);
  expect(matchesText(null, /^null$/)).toBe(true);
});

test("nothing matches what a pointer did not reach", () => {
  expect(matchesText(undefined, /.*/)).toBe(false);
  expect(matchesText(undefined, "")).toBe(false);
});

test("a pattern with a flag that remembers gives the same answer twice", () => {
  const pattern = /done/g;
  expect([matchesText("done", pattern), matchesText("done", pattern)]).toEqual([true, true]);
});
