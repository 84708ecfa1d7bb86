import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { generate } from "../../generate/generate.js";
import { fixtureSpecs, repositoryAt, ownRoot as root } from "../../testing/fixture-repository.js";
import { createFormat, type Format } from "../../text/format.js";
import { highest, sentenceOf } from "../changes/change.js";
import { specChanges } from "../changes/spec-changes.js";
import type { SpecVersion } from "../changes/workflow-changes.js";
import { programs } from "./case.js";
import { linkCases } from "./link-cases.js";
import { operationCases } from "./operation-cases.js";
import { optionCases } from "./option-cases.js";
import { replyCases } from "./reply-cases.js";
import { workflowCases } from "./workflow-cases.js";

const cases = [...operationCases, ...replyCases, ...optionCases, ...workflowCases, ...linkCases];

/** Every case with its package, and programs that use it, in one folder for one run of the compiler. */
let folder = "";
let format: Format;
/** What the compiler says, by the file of a program. */
const errors = new Map<string, string[]>();

beforeAll(async () => {
  // Inside the repository, so that its dependencies are found from there.
  await mkdir(`${root}.cache`, { recursive: true });
  folder = await mkdtemp(`${root}.cache/spec-diff-`);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  format = await createFormat(root);
  for (const vendor of ["acme", "globex"]) await makePackage(`base-${vendor}`, vendor, unchanged);
  const files: string[] = [];
  const program = async (file: string, text: string): Promise<void> => {
    await writeFile(join(folder, file), text);
    files.push(file);
  };
  for (const [index, { vendor, given, edit, uses = "", usesNew }] of cases.entries()) {
    if (given) await makePackage(oldFolder(index), vendor, given);
    await makePackage(`case-${index}`, vendor, both(given ?? unchanged, edit));
    const text = `${programs[vendor]}\n${uses}\n`;
    await program(`${oldFolder(index)}/src/user-${index}.ts`, text);
    await program(`case-${index}/src/user.ts`, text);
    if (usesNew === undefined) continue;
    await program(`${oldFolder(index)}/src/new-${index}.ts`, `${programs[vendor]}\n${usesNew}\n`);
    await program(`case-${index}/src/new.ts`, `${programs[vendor]}\n${usesNew}\n`);
  }
  await compile(files);
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

describe.each(cases.map((one, index) => ({ ...one, index })))(
  "$what ($vendor) is $bump",
  ({ index, vendor, bump, says, sentences, atRunTime, given = unchanged, edit, usesNew }) => {
    it("by the diff", async () => {
      const changes = await specChanges(
        vendor,
        await version(vendor, given),
        await version(vendor, both(given, edit)),
      );
      expect(highest(changes.map((change) => change.bump)), changes.map(sentenceOf).join("\n")).toBe(bump);
      if (says !== undefined) {
        const own = changes.filter((change) => change.bump === bump).map(sentenceOf);
        expect(own.join("\n")).toContain(says);
      }
      if (sentences !== undefined) expect(changes.map(sentenceOf)).toHaveLength(sentences);
      // What only shows at run time is marked so, and nothing that is marked so is needed to explain what the compiler sees.
      if (bump === "major")
        expect(changes.some((change) => change.bump === "major" && !change.atRunTime)).toBe(!atRunTime);
    });

    it("by the compiler", () => {
      expect(
        errors.get(`${oldFolder(index)}/src/user-${index}.ts`),
        "the program against the old package",
      ).toEqual([]);
      const broken = errors.get(`case-${index}/src/user.ts`) ?? [];
      if (bump === "major" && !atRunTime)
        expect(broken, "the program against the new package").not.toEqual([]);
      else expect(broken, "the program against the new package").toEqual([]);
      if (usesNew === undefined) return;
      expect(
        errors.get(`${oldFolder(index)}/src/new-${index}.ts`),
        "what is new, against the old package",
      ).not.toEqual([]);
      expect(errors.get(`case-${index}/src/new.ts`), "what is new, against the new package").toEqual([]);
    });
  },
);

type Edit = (typeof cases)[number]["edit"];

function unchanged(): void {}

/** The package that a case's program compiled against before: that of the fixture, unless the case asks for more. */
function oldFolder(index: number): string {
  const one = cases[index];
  return one?.given ? `old-${index}` : `base-${one?.vendor}`;
}

function both(first: Edit, second: Edit): Edit {
  return (openapi, arazzo) => {
    first(openapi, arazzo);
    second(openapi, arazzo);
  };
}

/** A vendor's fixture, edited. */
async function version(vendor: string, edit: Edit): Promise<SpecVersion> {
  const source = join(fixtureSpecs, vendor);
  const openapi = parse(await readFile(join(source, "openapi.yaml"), "utf8"));
  const arazzo = parse(await readFile(join(source, "exports.arazzo.yaml"), "utf8"));
  edit(openapi, arazzo);
  return { openapi, arazzo };
}

async function makePackage(name: string, vendor: string, edit: Edit): Promise<void> {
  const repository = join(folder, name, "repository");
  const specs = join(repository, "specs", vendor);
  await mkdir(specs, { recursive: true });
  await cp(`${root}LICENSE`, join(repository, "LICENSE"));
  const { openapi, arazzo } = await version(vendor, edit);
  await writeFile(join(specs, "openapi.yaml"), stringify(openapi, { aliasDuplicateObjects: false }));
  await writeFile(join(specs, "exports.arazzo.yaml"), stringify(arazzo, { aliasDuplicateObjects: false }));
  const { files, diagnostics } = await generate(repositoryAt(repository), vendor, format);
  expect(
    diagnostics.map(({ rule, message, hint }) => `${rule} ${message} ${hint}`),
    name,
  ).toEqual([]);
  for (const [file, text] of files) {
    const inPackage = `packages/${vendor}/src/`;
    if (!file.startsWith(inPackage)) continue;
    const to = join(folder, name, "src", file.slice(inPackage.length));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, text);
  }
}

/** Compiles all programs at once by the native compiler: a program of 2,000 files takes the other one a minute. */
async function compile(files: readonly string[]): Promise<void> {
  for (const file of files) errors.set(file, []);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    target: "ES2022",
    module: "NodeNext",
    types: ["node"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const tsc = join(root, "node_modules/typescript-7/bin/tsc");
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (stderr) throw new Error(stderr);
  for (const line of stdout.split("\n")) {
    const [, file = "", message = ""] = /^(.+?)\(\d+,\d+\): error (.+)$/.exec(line) ?? [];
    errors.get(file)?.push(message);
    if (file === "" && line.includes("error TS")) throw new Error(line);
  }
}
