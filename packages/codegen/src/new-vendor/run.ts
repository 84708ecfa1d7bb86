import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Repository } from "../config/repository.js";
import { run as generate } from "../generate/run.js";
import { readPublished } from "../published/read-published.js";
import { outputChangesetFile, writeFirstChangeset, writeOutputChangeset } from "../spec-diff/changesets.js";
import { outputDiffs } from "../spec-diff/generated-outputs.js";
import { createFormat } from "../text/format.js";
import { specFiles } from "./files.js";
import type { PublishedStart } from "./from-openapi/spec-from-openapi.js";
import { loadPublished } from "./load-published.js";
import { type NewVendor, readOptions, usageOf } from "./options.js";

/** Writes the spec of a new vendor, and generates its package. @returns the exit code, and the vendor if there is one now */
export async function newVendor(
  repository: Repository,
  args: readonly string[],
  today: Date,
  print: (line: string) => void,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<{ code: number; vendor?: NewVendor }> {
  if (args.includes("--help")) {
    print(usageOf(repository));
    return { code: 0 };
  }
  let vendor: NewVendor;
  let files: ReadonlyMap<string, string>;
  try {
    vendor = readOptions(args, repository, today);
    const start = await readStart(vendor, repository, fetch);
    files = specFiles(vendor, repository, await createFormat(repository.root), start);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return { code: 2 };
  }
  const folder = join(repository.root, repository.specFolder(vendor.name));
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of files) writeFileSync(join(folder, file), text);
  writeReadme(repository);
  const code = await generate(repository, [vendor.name], print);
  if (code === 0) await writeChangesets(repository, vendor.name, print);
  return { code, vendor };
}

/** Reads the vendor's own document, if the user names one. */
async function readStart(
  { openapi, operations }: NewVendor,
  { root }: Repository,
  fetch: typeof globalThis.fetch,
): Promise<PublishedStart | undefined> {
  if (openapi === undefined) return undefined;
  const { text, address } = await loadPublished(openapi, root, fetch);
  return {
    published: readPublished(openapi, text),
    operations,
    ...(address === undefined ? {} : { address }),
  };
}

/** Writes the changesets of the new package, and of the packages that list all vendors. */
async function writeChangesets(
  repository: Repository,
  vendor: string,
  print: (line: string) => void,
): Promise<void> {
  const first = await writeFirstChangeset(repository, vendor);
  if (first === undefined) return;
  print(`${first} written: a sentence for its first users`);
  for (const diff of await outputDiffs(repository))
    if ((await writeOutputChangeset(repository, diff)) === "written")
      print(`${outputChangesetFile(diff)} written`);
}

/** Writes a README beside the first spec, which says where the format is described. */
function writeReadme({ root, config }: Repository): void {
  const file = join(root, config.specs, "README.md");
  if (existsSync(file)) return;
  writeFileSync(
    file,
    "# Specs\n\nOne folder for each vendor. What may stand in its `openapi.yaml` and `exports.arazzo.yaml`, and what the `x-` keys mean: `node_modules/@outhaul/codegen/dist/specs.md`.\n",
  );
}
