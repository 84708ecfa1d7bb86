import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { listen, sha256Of } from "./node.js";

test("the example of the README runs", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1]?.replace(/^import .*$/m, "") ?? "";
  const said: unknown[] = [];
  const run = Object.getPrototypeOf(async () => {}).constructor("listen", "sha256Of", "console", code);
  await run(listen, sha256Of, { log: (...words: unknown[]) => said.push(...words) });
  expect(said).toEqual(["broken off:", "terminated", true, expect.stringMatching(/^[\da-f]{64}$/)]);
});
