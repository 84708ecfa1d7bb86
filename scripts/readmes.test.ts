import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readVendors, root } from "./vendors.js";

const packageReadmes = readVendors().map(({ name }) => `packages/${name}/README.md`);

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

describe.each(["README.md", "packages/shared/README.md", ...packageReadmes])("%s", (page) => {
  const text = readFileSync(root + page, "utf8");

  it("has a deadline in every example that waits", () => {
    const code = [...text.matchAll(/```ts\n[\s\S]*?```|`[^`\n]+`/g)].map(([block]) => block).join("\n");
    const waits = [
      ...code.matchAll(
        /(?<!\w)(?:job|again)\.(?:save|wait|events|download)\([^()\n]+.*|\.resume\(\w+\)\..*/g,
      ),
    ];
    for (const [wait] of waits.filter(([one]) => !one.includes("(to)")))
      expect(wait).toMatch(/timeoutMs|deadline/);
  });

  it("says no sentence twice", () => {
    // Exports of one kind are described alike, each in its own part.
    const [all = "", ...exports] = text.split(/^(?=### `\w+\(request\)`)/m);
    for (const one of exports.length > 0 ? exports : [""]) {
      const prose = (all + one).replace(/```[\s\S]*?```/g, "").replace(/^[|#<-].*$/gm, "");
      const sentences = prose
        .split(/(?<=[.:;])\s+|\n{2,}/)
        .map((sentence) => sentence.trim())
        .filter((sentence) => sentence.length > 25);
      expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
    }
  });
});

it.each(packageReadmes)(
  "%s tells first what it does, then how to install and use it, its options, errors and limits",
  (page) => {
    const text = readFileSync(root + page, "utf8");
    const places = [
      "Runs exports of",
      "npm install",
      "## Example",
      "## Options",
      "## Errors",
      "## Limits",
    ].map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    // A summary in front of the description that begins the same: "Export contacts. Exports the contacts …".
    expect(text).not.toMatch(/^Export [^.]*\. (Exports|Has|Starts) /m);
  },
);
