import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { replaceTable } from "./by-hand/replace-table.js";
import { measure } from "./by-hand/table.js";
import { root } from "./vendors.js";

const readme = readFileSync(`${root}README.md`, "utf8");

it("the README's table of what goes wrong is as its programs come to now", async () => {
  expect(replaceTable(readme, await measure())).toBe(readme);
}, 60_000);

it.each(["README.md", "docs/runtimes.md", "docs/where-things-are.md"])("%s has no dead link", (page) => {
  const text = readFileSync(root + page, "utf8");
  const base = new URL(page, `file://${root}`);
  const anchors = new Set([
    ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id),
    ...[...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    ),
  ]);
  for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (target.startsWith("https://")) continue;
    const found = target.startsWith("#") ? anchors.has(target.slice(1)) : existsSync(new URL(target, base));
    expect(found, `${page}: ${target}`).toBe(true);
  }
});

it("every example of the README that waits has a deadline", () => {
  for (const [code] of readme.matchAll(/\.(save|wait|download)\("[^`\n]*/g))
    expect(code).toContain("timeoutMs");
});
