import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readPackages } from "../release/packages.js";
import { root } from "../vendors.js";
import { type Finding, problemOf } from "./run.js";
import type { Tarball } from "./tarballs.js";

/** A part of the README that is done as it says: a file to write, or lines for a shell. */
interface Step {
  /** The file; undefined for lines of a shell. */
  readonly file: string | undefined;
  readonly text: string;
}

/** What a user of the generated client may write, and what not. */
const TYPED = `import { createAcme, type ExportJob } from "@acme-data/acme";
const acme = createAcme({ token: "t" });
export const job: ExportJob = await acme.createExport({ name: "Nightly", format: "csv" });
// @ts-expect-error: no such format
await acme.createExport({ name: "Nightly", format: "pdf" });
// @ts-expect-error: without a token there is no client
createAcme({});
`;

/**
 * Does what the README of the codegen says, from an empty folder and with the tarballs, until a private vendor's export has run; then looks at what is there.
 * The README's install takes the tarballs in place of the packages' names.
 */
export async function runCodegen(folder: string, tarballs: readonly Tarball[]): Promise<Finding[]> {
  mkdirSync(folder, { recursive: true });
  const fileOf = (name: string) => tarballs.find((tarball) => tarball.name === name)?.file ?? name;
  for (const [index, { file, text }] of readSteps().entries()) {
    if (file !== undefined) {
      writeFileSync(`${folder}/${file}`, text);
      continue;
    }
    const script = text.replace(
      "npm install --save-dev @outhaul/codegen @outhaul/sandbox",
      `npm install --save-dev --prefer-offline ${withOwnDependencies(["@outhaul/codegen", "@outhaul/sandbox"]).map(fileOf).join(" ")}`,
    );
    const problem = await problemOf("sh", ["-e", "-c", script], {
      cwd: folder,
      env: {
        ...userEnvironment(),
        npm_config_audit: "false",
        npm_config_fund: "false",
        npm_config_offline: index > 0 ? "true" : "false",
      },
    });
    if (problem !== undefined) return [{ what: `the codegen's README, ${text.split("\n")[0]} …`, problem }];
  }
  return [
    { what: "the codegen's README, from an empty folder to an export" },
    finding("the private vendor's package.json is the company's own", () => {
      const { name, license, author, private: isPrivate } = readJson(`${folder}/packages/acme/package.json`);
      return (
        JSON.stringify([name, license, author, isPrivate]) ===
        '["@acme-data/acme","UNLICENSED","Acme Data Ltd.",true]'
      );
    }),
    finding("its export left a file", () => readdirSync(`${folder}/exports`).length === 1),
    finding("its tarball names neither our repository nor our scope as its own", () => {
      const args = ["-xzOf", `${folder}/acme-data-acme-0.1.0.tgz`];
      const text = execFileSync("tar", args, { encoding: "utf8" });
      return text.includes("createAcme") && !/github\.com\/outhaul|@outhaul\/acme/.test(text);
    }),
    await compileTyped(folder),
  ];
}

/** The packages, and those of ours that they depend on. */
function withOwnDependencies(names: readonly string[]): string[] {
  const packages = readPackages(root);
  const all = new Set(names);
  for (const name of all) {
    const { dependencies = {} } = packages.find((one) => one.name === name) ?? {};
    for (const { name: own } of packages) if (own in dependencies) all.add(own);
  }
  return [...all];
}

/** The blocks of the README behind `<!-- run -->` and `<!-- write FILE -->`, in their order. */
function readSteps(): Step[] {
  const readme = readFileSync(`${root}packages/codegen/README.md`, "utf8");
  const blocks = readme.matchAll(/<!-- (?:run|write (\S+)) -->\n```\w+\n([\s\S]*?)```/g);
  return [...blocks].map(([, file, text = ""]) => ({ file, text }));
}

/** The compiler that the codegen brings takes the client's types as a strict user's would. */
async function compileTyped(folder: string): Promise<Finding> {
  writeFileSync(`${folder}/typed.ts`, TYPED);
  const args = [
    "--no-install",
    "tsc",
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "typed.ts",
  ];
  const problem = await problemOf("npx", args, { cwd: folder, env: userEnvironment() });
  return { what: "the private vendor's client is typed", ...(problem === undefined ? {} : { problem }) };
}

function finding(what: string, holds: () => boolean): Finding {
  try {
    return holds() ? { what } : { what, problem: "it is not so" };
  } catch (error) {
    return { what, problem: error instanceof Error ? error.message : String(error) };
  }
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** What a user's shell has: not what npm tells a script of this repository. */
function userEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(lifecycle|package|command|config_local)|^INIT_CWD$/i.test(name),
    ),
  );
}
