import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pc from "picocolors";
import type { Repository } from "../config/repository.js";
import { run as generate } from "../generate/run.js";
import { readVendorNames } from "../load/vendor-names.js";
import { type Bump, isAtLeast, sentenceOf } from "./changes/change.js";
import {
  changesetBump,
  changesetFile,
  outputChangesetFile,
  writeChangeset,
  writeFirstChangeset,
  writeOutputChangeset,
} from "./changesets.js";
import { nameOf, type OutputDiff, outputDiffs } from "./generated-outputs.js";
import { type VendorDiff, vendorDiff } from "./vendor-diff.js";

type Part = "diff" | "regenerate" | "check";

function usageOf(part: Part, { command, packageName }: Repository): string {
  switch (part) {
    case "diff":
      return `${command("spec-diff", "[vendor…]", "[--base REV | --json]")}

Says what became of the specs for a client's user since the last release (git tag ${packageName("<vendor>")}@x.y.z) or REV: major, minor, patch or none.
  --base REV  compares with a revision instead of the last release
  --json      prints the report for machines`;
    case "regenerate":
      return `${command("regenerate", "[vendor…]", "[--base REV]")}

Generates, compares with the last release or REV, and writes ${changesetFile("<vendor>")} with the bump and a sentence for each change.
A spec that has no package yet gets one, with its first changeset.
Run again, it renews that changeset.`;
    case "check":
      return `${command("check-changesets")}

Fails when a spec, or what is generated into a published package, changed since its last release, and no changeset is at least as high.`;
  }
}

/** Runs a command about changes of specs. @returns the exit code: 0 done, 1 a check failed or a spec has mistakes */
export async function run(
  repository: Repository,
  args: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const [command, ...rest] = args;
  if (command !== "diff" && command !== "regenerate" && command !== "check")
    throw new Error(`no command ${command}`);
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { base: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
      allowPositionals: true,
    });
    if (values.help) {
      print(usageOf(command, repository));
      return 0;
    }
    const all = readVendorNames(repository);
    const unknown = positionals.find((vendor) => !all.includes(vendor));
    if (unknown !== undefined)
      throw new Error(`There is no vendor "${unknown}". There are: ${all.join(", ")}.`);
    const vendors = positionals.length > 0 ? positionals : all;
    const added = vendors.filter(
      (vendor) => !existsSync(join(repository.root, repository.packageFolder(vendor), "package.json")),
    );
    if (command === "regenerate") {
      const code = await generate(repository, vendors, print);
      if (code !== 0) return code;
    }
    const diffs: VendorDiff[] = [];
    for (const vendor of vendors) diffs.push(await vendorDiff(repository, vendor, values.base));
    if (command === "check")
      return await checkChangesets(repository, diffs, await outputDiffs(repository), print);
    if (command === "diff" && values.json) print(JSON.stringify(diffs, null, 2));
    else for (const diff of diffs) for (const line of linesOf(diff)) print(line);
    if (command === "regenerate") {
      for (const diff of diffs)
        tell(await writeChangeset(repository, diff), changesetFile(diff.vendor), diff.release, print);
      for (const vendor of added) await tellFirst(repository, vendor, print);
      for (const diff of await outputDiffs(repository))
        tell(await writeOutputChangeset(repository, diff), outputChangesetFile(diff), diff.release, print);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    print(pc.red(error.message));
    return 1;
  }
}

const colours: Readonly<Record<Bump, (text: string) => string>> = {
  major: pc.red,
  minor: pc.yellow,
  patch: pc.green,
  none: pc.dim,
};

function linesOf({ vendor, base, note, bump, release, changes }: VendorDiff): string[] {
  const since = base === undefined ? "" : pc.dim(` since ${base}`);
  const before =
    release === bump ? "" : `, so ${release}: before 1.0.0 a version's second number tells what breaks`;
  return [
    `${pc.bold(vendor)}${since}: ${note ?? `${colours[bump](bump)}${before}`}`,
    ...changes.map((change) => `  ${colours[change.bump](change.bump.padEnd(5))} ${sentenceOf(change)}`),
  ];
}

/** Says what was done to a changeset. */
function tell(
  done: "written" | "same" | "removed" | "none",
  file: string,
  release: Bump,
  print: (line: string) => void,
): void {
  if (done === "written")
    print(`${file} written (${release}): read its sentences, and commit it with the spec`);
  if (done === "same") print(`${file} is as it was (${release})`);
  if (done === "removed") print(`${file} removed: there is nothing to tell any more`);
}

/** Writes the changeset of a package that is new, unless there is one. */
async function tellFirst(
  repository: Repository,
  vendor: string,
  print: (line: string) => void,
): Promise<void> {
  if ((await changesetBump(repository, repository.packageName(vendor))) !== "none") return;
  const file = await writeFirstChangeset(repository, vendor);
  if (file !== undefined) print(`${file} written: a sentence for its first users`);
}

async function checkChangesets(
  repository: Repository,
  diffs: readonly VendorDiff[],
  outputs: readonly OutputDiff[],
  print: (line: string) => void,
): Promise<number> {
  let failed = 0;
  for (const { vendor, base, note, release, versioned, changes, isUnreleased } of diffs) {
    if (isUnreleased) {
      print(`${vendor}: ${note}`);
      continue;
    }
    const given = await changesetBump(repository, repository.packageName(vendor));
    if (isAtLeast(given, release) || isAtLeast(versioned, release)) continue;
    failed += 1;
    print(
      `${vendor}: its spec or what is generated from it changed since ${base}, ${needs(release, given)}. ${repository.command("regenerate", vendor)}`,
    );
    for (const change of changes) print(`  ${change.bump.padEnd(5)} ${sentenceOf(change)}`);
  }
  for (const output of outputs) {
    const given = await changesetBump(repository, output.packageName);
    if (isAtLeast(given, output.release) || isAtLeast(output.versioned, output.release)) continue;
    failed += 1;
    print(`${nameOf(output)}, ${needs(output.release, given)}. ${repository.command("regenerate")}`);
    for (const sentence of output.sentences) print(`  ${sentence}`);
  }
  print(`${diffs.length + outputs.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function needs(release: Bump, given: Bump): string {
  return `which takes a changeset of ${release} or higher; there is ${given === "none" ? "none" : `one of ${given}`}`;
}
