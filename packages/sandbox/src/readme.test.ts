import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { listen, sha256Of } from "./node.js";
import { type LivePage, openPage } from "./page.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const [code = "", pageCode = ""] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = ""]) =>
  text.replace(/^import .*$/m, ""),
);

test("the example of the README runs", async () => {
  const said: unknown[] = [];
  const run = Object.getPrototypeOf(async () => {}).constructor("listen", "sha256Of", "console", code);
  await run(listen, sha256Of, { log: (...words: unknown[]) => said.push(...words) });
  expect(said).toEqual(["broken off:", "terminated", true, expect.stringMatching(/^[\da-f]{64}$/)]);
});

test("the README's live page opens", async () => {
  const running = await listen({ vendors: [] });
  const urls: string[] = [];
  const run = Object.getPrototypeOf(async () => {}).constructor(
    "openPage",
    "running",
    "console",
    `${pageCode}; return page;`,
  );
  const page: LivePage = await run(openPage, running, { log: (url: string) => urls.push(url) });
  expect((await fetch(urls[0] ?? "")).status).toBe(200);
  await page.close();
  await running.close();
});
