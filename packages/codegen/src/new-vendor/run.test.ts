import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { run as generate } from "../generate/run.js";
import { fixtureRepository } from "../testing/fixture-repository.js";
import { newVendor } from "./run.js";

// Each generates packages, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

async function repositoryWith(changesets: boolean) {
  const { repository, remove } = await fixtureRepository();
  onTestFinished(remove);
  if (changesets) {
    await mkdir(join(repository.root, ".changeset"));
    await writeFile(join(repository.root, ".changeset/config.json"), "{}");
  }
  expect(await generate(repository, [], () => undefined)).toBe(0);
  const lines: string[] = [];
  const { code } = await newVendor(
    repository,
    [
      ..."hooli-data-and-more --base-url https://api.hooli.example --auth basic".split(" "),
      ..."--docs https://hooli.example/docs".split(" "),
    ],
    new Date(0),
    (line) => lines.push(line),
  );
  expect(code, lines.join("\n")).toBe(0);
  return { root: repository.root, lines };
}

it("puts a new vendor into the README's table and the lists, and writes its changeset", async () => {
  const { root, lines } = await repositoryWith(true);
  expect(await readFile(join(root, "README.md"), "utf8")).toContain(
    "| [`@outhaul/hooli-data-and-more`](packages/hooli-data-and-more) | Hooli Data And More | `createExport` |",
  );
  expect(await readFile(join(root, "packages/cli/src/generated/known-vendors.ts"), "utf8")).toContain(
    '"hooli-data-and-more"',
  );
  expect(await readFile(join(root, ".changeset/spec-hooli-data-and-more.md"), "utf8")).toBe(
    '---\n"@outhaul/hooli-data-and-more": minor\n---\n\nThe first version.\n',
  );
  expect(lines).toContain(".changeset/spec-hooli-data-and-more.md written: a sentence for its first users");
});

it("writes no changeset where there are none", async () => {
  const { root } = await repositoryWith(false);
  expect(existsSync(join(root, ".changeset"))).toBe(false);
});
