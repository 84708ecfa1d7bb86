import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
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

describe("from a document at an address", () => {
  const address = "https://docs.hooli.example/openapi.json";
  const args = [
    ...["hooli", "--docs", "https://hooli.example/docs", "--openapi", address],
    ...["--operations", "createReport,get.report", "--base-url", "https://api.hooli.example"],
  ];
  const text = readFile(new URL("../testing/published/links.yaml", import.meta.url), "utf8");

  it("fetches it once, and names it in the spec and in the lock", async () => {
    const { repository, remove } = await fixtureRepository();
    onTestFinished(remove);
    const fetch = vi.fn(async () => new Response(await text));
    const lines: string[] = [];
    const made = await newVendor(repository, args, new Date(0), (line) => lines.push(line), fetch);
    expect(made.code, lines.join("\n")).toBe(0);
    expect(fetch).toHaveBeenCalledOnce();
    const lock = JSON.parse(await readFile(join(repository.root, "specs/hooli/docs.lock.json"), "utf8"));
    expect(lock.openapi).toEqual({ [address]: { read: "1970-01-01" } });
  });

  it.each<[string, () => Promise<Response>, string]>([
    ["is not there", async () => new Response("", { status: 404 }), `--openapi ${address} answers 404`],
    [
      "cannot be reached",
      async () => {
        throw new TypeError("fetch failed");
      },
      `--openapi ${address} cannot be reached`,
    ],
    ["is a page", async () => new Response("<html>"), `${address} is no OpenAPI document`],
  ])("one that %s is told in one line, and nothing is written", async (_, fetch, line) => {
    const { repository, remove } = await fixtureRepository();
    onTestFinished(remove);
    const lines: string[] = [];
    const { code } = await newVendor(repository, args, new Date(0), (one) => lines.push(one), fetch);
    expect(code).toBe(2);
    expect(lines).toEqual([expect.stringContaining(line)]);
    expect(existsSync(join(repository.root, "specs/hooli"))).toBe(false);
  });
});
