import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import pc from "picocolors";
import { type Diagnostic, sortDiagnostics } from "../diagnostics/diagnostic.js";
import { rules } from "../diagnostics/rules.js";
import { knownVendors } from "../emit/package/known-vendors.js";
import { sandboxIndex } from "../emit/package/sandbox.js";
import { compare, type Differences } from "../files/compare.js";
import { write } from "../files/write.js";
import { createFormat } from "../text/format.js";
import { generate } from "./generate.js";

const SANDBOX = "packages/sandbox/src/generated";

/** The command line's list of the vendors that there are. */
const KNOWN_VENDORS = "packages/cli/src/generated/known-vendors.ts";

const USAGE = `npm run generate [vendor…] [-- --check | --rules]

Makes packages/<vendor> from specs/<vendor>, for the vendors named or for all.
  --check  writes nothing; says which files are missing, stale or orphaned
  --rules  lists what is checked in a spec`;

/** What `npm run generate` does; returns the exit code. */
export async function run(
  root: string,
  args: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const unknown = args.find((arg) => arg.startsWith("-") && !["--check", "--rules", "--help"].includes(arg));
  if (unknown !== undefined || args.includes("--help")) {
    print(unknown === undefined ? USAGE : `${pc.red(`There is no option ${unknown}.`)}\n\n${USAGE}`);
    return unknown === undefined ? 0 : 1;
  }
  if (args.includes("--rules")) {
    for (const [rule, text] of Object.entries(rules)) print(`${pc.bold(rule.padEnd(20))} ${text}`);
    return 0;
  }
  const started = performance.now();
  const all = await vendorsOf(root);
  const named = args.filter((arg) => !arg.startsWith("-"));
  const vendors = named.length > 0 ? [...new Set(named)].sort() : all;

  const format = createFormat(join(root, "biome.json"));
  const files = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const vendor of vendors) {
    const generated = await generate(root, vendor, format);
    diagnostics.push(...generated.diagnostics);
    for (const [file, text] of generated.files) files.set(file, text);
  }
  if (diagnostics.length > 0) {
    for (const line of printDiagnostics(diagnostics)) print(line);
    return 1;
  }
  const inSandbox = all.filter(
    (vendor) => files.has(`${SANDBOX}/${vendor}.json`) || existsSync(join(root, SANDBOX, `${vendor}.json`)),
  );
  files.set(`${SANDBOX}/index.ts`, format("index.ts", sandboxIndex(inSandbox)));
  files.set(KNOWN_VENDORS, format(KNOWN_VENDORS, knownVendors(inSandbox)));

  const differences = await compare(root, files, vendors);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (args.includes("--check"))
    return printCheck(
      differences,
      named,
      print,
      `${vendors.join(", ")}: ${files.size} files are up to date (${seconds} s)`,
    );
  await write(root, files, differences);
  const { missing, stale, orphaned, orphanedPackages } = differences;
  print(
    `${vendors.join(", ")}: ${files.size} files, ${missing.length + stale.length} written, ${orphaned.length} removed (${seconds} s)`,
  );
  for (const folder of orphanedPackages)
    print(pc.yellow(`${folder} has no spec any more: git rm -r ${folder}`));
  return 0;
}

function printDiagnostics(diagnostics: readonly Diagnostic[]): string[] {
  const sorted = sortDiagnostics(diagnostics);
  return [
    ...sorted.map(
      ({ file, line, rule, message, hint }) =>
        `${pc.bold(`${file}:${line}`)} ${pc.red(rule)} ${message}\n    ${pc.dim(hint)}`,
    ),
    `\n${sorted.length === 1 ? "1 mistake" : `${sorted.length} mistakes`}; nothing was written. npm run generate -- --rules tells the rules.`,
  ];
}

function printCheck(
  { missing, stale, orphaned, orphanedPackages }: Differences,
  named: readonly string[],
  print: (line: string) => void,
  good: string,
): number {
  const lines = [
    ...missing.map((file) => `${pc.red("missing ")} ${file}`),
    ...stale.map((file) => `${pc.red("stale   ")} ${file}`),
    ...orphaned.map((file) => `${pc.red("orphaned")} ${file}`),
    ...orphanedPackages.map((folder) => `${pc.red("orphaned")} ${folder} (has no spec: git rm -r ${folder})`),
  ];
  if (lines.length === 0) {
    print(good);
    return 0;
  }
  for (const line of lines) print(line);
  if (missing.length + stale.length + orphaned.length > 0)
    print(`\nMend it with: npm run generate${named.map((name) => ` ${name}`).join("")}`);
  return 1;
}

async function vendorsOf(root: string): Promise<string[]> {
  const entries = await readdir(join(root, "specs"), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}
