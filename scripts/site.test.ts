import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { errorAdvice } from "./site/error-advice.js";
import { gatherPages } from "./site/pages.js";
import { readQuirks } from "./site/quirks.js";
import { readErrors } from "./site/read-errors.js";
import { readVendors, root } from "./vendors.js";

const { pages, dead } = gatherPages();

it("no page of the site has a link that leads nowhere", () => {
  expect(dead).toEqual([]);
  expect(pages.size).toBeGreaterThan(20);
});

it("every page but those with a layout of their own begins with its title", () => {
  for (const [page, text] of pages) expect(text, page).toMatch(/^(---\nlayout|(<!--.*-->\s*)?# \S)/);
});

describe.each(readVendors())("the page of $name", ({ name, workflows }) => {
  const text = pages.get(`vendors/${name}.md`) ?? "";

  it("draws the states of each export, and lists the fields of its request", () => {
    for (const { id, example } of workflows) {
      expect(text).toContain(`aria-label="The states of ${id}: start, then `);
      const fields = text.split(`#### Fields of \`${id}\``)[1]?.split(/^##/m)[0] ?? "";
      for (const field of Object.keys(example)) expect(fields).toContain(`| \`${field}\` |`);
    }
  });

  it("says what is special about the vendor", () => {
    const lines = text.split("## What is special about")[1]?.split(/\n *- /) ?? [];
    // A vendor without quirks has no such part.
    if (existsSync(`${root}specs/${name}/quirks.test.ts`)) expect(lines.length).toBeGreaterThan(1);
    else expect(lines).toEqual([]);
  });
});

it("the titles of tests are read with the values of their tables", () => {
  const text = `describe("an id", () => {
    it.each([["a/b", 1], [" ", 2]])("such as %s stays whole: %i", () => {});
    it.each([{ word: "done" }, { word: make() }])("$word is an end", () => {});
    it("2.1 is kept", () => {});
  });
  it.each(table)("is not known before it runs: %s", () => {});
  it("stands alone", () => {});`;
  expect(readQuirks(text)).toEqual([
    { subject: undefined, sentences: ["stands alone"] },
    {
      subject: "an id",
      sentences: ["such as a/b stays whole: 1", 'such as " " stays whole: 2', "done is an end", "is kept"],
    },
  ]);
});

it("the catalogue has every code of the errors, with its class", () => {
  const { classes, codes } = readErrors(`${root}packages/shared/src`);
  expect(classes.find(({ name }) => name === "JobFailedError")).toEqual({
    name: "JobFailedError",
    summary: "The vendor says that the export has failed. It is never started again by itself.",
    codes: ["JOB_FAILED"],
  });
  expect([...codes]).toEqual(expect.arrayContaining(["LOCKED", "REQUEST_TIMEOUT", "STORE_FAILED"]));
  expect([...codes].sort()).toEqual(Object.keys(errorAdvice).sort());
  const page = pages.get("errors.md") ?? "";
  for (const code of codes) expect(page).toContain(`\`${code}\``);
  expect(page).not.toMatch(/undefined|\{@link/);
});

it("every program of the documentation compiles", { timeout: 60_000 }, () => {
  const programs = new Map<string, string>();
  const files = readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" });
  const texts = [
    ...files.filter((file) => file.endsWith(".md")).map((file) => join("docs", file)),
    "packages/shared/README.md",
  ].map((file): [string, string] => [file, readFileSync(root + file, "utf8")]);
  for (const [file, text] of [...texts, ["errors.md", pages.get("errors.md") ?? ""] as const])
    for (const [index, [, code = ""]] of [...text.matchAll(/```ts\n([\s\S]*?)```/g)].entries())
      programs.set(`${root}docs/${file.replace(/\W/g, "-")}-${index}.ts`, `${code}\nexport {};\n`);
  expect(programs.size).toBeGreaterThan(12);
  // Packages of others, which are not installed here: nothing is known of them.
  const others = [
    ...new Set(
      [...programs.values()].flatMap((text) =>
        [...text.matchAll(/ from "([^".]+)"/g)].map(([, name = ""]) => name),
      ),
    ),
  ]
    .filter((name) => !name.startsWith("node:") && !name.startsWith("@outhaul/"))
    .map((name) => `declare module "${name}";`);
  programs.set(`${root}docs/others.d.ts`, others.join("\n"));
  expect(compile(programs)).toEqual([]);
});

/** Compiles programs that stand in no file. @returns what the compiler says */
function compile(programs: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => programs.has(file) || fileExists(file);
  host.readFile = (file) => programs.get(file) ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const text = programs.get(file);
    return text === undefined
      ? getSourceFile(file, target, ...rest)
      : ts.createSourceFile(file, text, target);
  };
  host.getCurrentDirectory = () => root;
  const program = ts.createProgram([...programs.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
}
