import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Arazzo, OpenApi } from "@outhaul/spec";
import pc from "picocolors";
import { ConfigError } from "../config/read-config.js";
import type { Repository } from "../config/repository.js";
import { type Diagnostic, sortDiagnostics } from "../diagnostics/diagnostic.js";
import { rules } from "../diagnostics/rules.js";
import { fittingLock } from "../docs-check/lock/fitting-lock.js";
import { lockFile } from "../docs-check/lock/lock.js";
import { emitLists } from "../emit/emit.js";
import type { ListedVendor } from "../emit/package/packages-table.js";
import { compare, type Differences } from "../files/compare.js";
import type { Files } from "../files/files.js";
import { write } from "../files/write.js";
import { createFormat } from "../text/format.js";
import { generate } from "./generate.js";

/** Runs the command `generate` in a repository. @returns the exit code */
export async function run(
  repository: Repository,
  args: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const unknown = args.find((arg) => arg.startsWith("-") && !["--check", "--rules", "--help"].includes(arg));
  if (unknown !== undefined || args.includes("--help")) {
    const usage = usageOf(repository);
    print(unknown === undefined ? usage : `${pc.red(`There is no option ${unknown}.`)}\n\n${usage}`);
    return unknown === undefined ? 0 : 1;
  }
  if (args.includes("--rules")) {
    for (const [rule, text] of Object.entries(rules)) print(`${pc.bold(rule.padEnd(20))} ${text}`);
    return 0;
  }
  const started = performance.now();
  const named = args.filter((arg) => !arg.startsWith("-"));
  const generated = await generateAll(repository, named);
  if ("diagnostics" in generated) {
    for (const line of linesOf(generated.diagnostics, repository)) print(line);
    return 1;
  }
  const { vendors, files } = generated;
  if (vendors.length === 0) {
    print(
      `There is no spec in ${repository.config.specs}. ${repository.command("new-vendor", "", "--help")} tells how to begin.`,
    );
    return 1;
  }
  const differences = await compare(repository, files, vendors);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (args.includes("--check")) {
    const lines = differenceLines(differences, named, repository);
    for (const line of lines) print(line);
    if (lines.length > 0) return 1;
    print(`${vendors.join(", ")}: ${files.size} files are up to date (${seconds} s)`);
    return 0;
  }
  await write(repository.root, files, differences);
  const { missing, stale, orphaned, orphanedPackages } = differences;
  print(
    `${vendors.join(", ")}: ${files.size} files, ${missing.length + stale.length} written, ${orphaned.length} removed (${seconds} s)`,
  );
  for (const folder of orphanedPackages)
    print(pc.yellow(`${folder} has no spec any more: git rm -r ${folder}`));
  return 0;
}

function usageOf({ config, command }: Repository): string {
  return `${command("generate", "[vendor…]", "[--check | --rules]")}

Makes ${config.packages}/<vendor> from ${config.specs}/<vendor>, for the vendors named or for all.
  --check  writes nothing; says which files are missing, stale or orphaned
  --rules  lists what is checked in a spec`;
}

type AllGenerated =
  | { readonly vendors: readonly string[]; readonly files: Files }
  | { readonly diagnostics: readonly Diagnostic[] };

/** The files of the named vendors, or of all, and the lists that name all. */
async function generateAll(repository: Repository, named: readonly string[]): Promise<AllGenerated> {
  const all = await vendorsOf(repository);
  const vendors = named.length > 0 ? [...new Set(named)].sort() : all;
  const format = await createFormat(repository.root);
  const files = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const vendor of vendors) {
    const generated = await generate(repository, vendor, format);
    diagnostics.push(...generated.diagnostics);
    for (const [file, text] of generated.files) files.set(file, text);
  }
  if (diagnostics.length > 0) return { diagnostics };
  const listed: ListedVendor[] = [];
  for (const vendor of all) {
    const file = repository.sandboxFile(vendor);
    const former = await readText(repository, file);
    const text = files.get(file) ?? former;
    if (text === undefined) continue;
    const now = listedVendor(vendor, text);
    // A damaged file of a vendor that is not generated now would leave the lists without it.
    if (!now)
      throw new ConfigError(
        `${file}: this is no data of a vendor. ${repository.command("generate")} writes it anew`,
      );
    const formerTitle = former === undefined ? undefined : listedVendor(vendor, former)?.title;
    listed.push({ ...now, formerTitle });
  }
  const { readme } = repository.config;
  const lists = emitLists(listed, repository, {
    format,
    readme: readme === undefined ? undefined : await readText(repository, readme),
  });
  for (const [file, text] of lists) files.set(file, text);
  for (const vendor of vendors) {
    const lock = await fittingLock(repository, vendor);
    if (lock !== undefined) files.set(lockFile(repository, vendor), lock);
  }
  return { vendors, files };
}

/** What lists say of a vendor, from its data for the sandbox. Undefined if the data is damaged, as by a merge. */
function listedVendor(vendor: string, text: string): ListedVendor | undefined {
  try {
    const { openapi, arazzo }: { openapi: OpenApi; arazzo: Arazzo } = JSON.parse(text);
    const workflows = arazzo.workflows.map(({ workflowId }) => workflowId);
    return { vendor, title: openapi.info.title, workflows };
  } catch {
    return undefined;
  }
}

function readText({ root }: Repository, file: string): Promise<string | undefined> {
  return readFile(join(root, file), "utf8").catch(() => undefined);
}

function linesOf(diagnostics: readonly Diagnostic[], { command }: Repository): string[] {
  const sorted = sortDiagnostics(diagnostics);
  const count = sorted.length === 1 ? "1 mistake" : `${sorted.length} mistakes`;
  return [
    ...sorted.map(
      ({ file, line, rule, message, hint }) =>
        `${pc.bold(`${file}:${line}`)} ${pc.red(rule)} ${message}\n    ${pc.dim(hint)}`,
    ),
    `\n${count}; nothing was written. ${command("generate", "", "--rules")} tells the rules.`,
  ];
}

function differenceLines(
  { missing, stale, orphaned, orphanedPackages }: Differences,
  named: readonly string[],
  { command }: Repository,
): string[] {
  const lines = [
    ...missing.map((file) => `${pc.red("missing ")} ${file}`),
    ...stale.map((file) => `${pc.red("stale   ")} ${file}`),
    ...orphaned.map((file) => `${pc.red("orphaned")} ${file}`),
  ];
  const packages = orphanedPackages.map(
    (folder) => `${pc.red("orphaned")} ${folder} (has no spec: git rm -r ${folder})`,
  );
  const hint = lines.length > 0 ? [`\nMend it with: ${command("generate", named.join(" "))}`] : [];
  return [...lines, ...packages, ...hint];
}

async function vendorsOf({ root, config }: Repository): Promise<string[]> {
  const entries = await readdir(join(root, config.specs), { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}
