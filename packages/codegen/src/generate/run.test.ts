import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Repository } from "../config/repository.js";
import { rules } from "../diagnostics/rules.js";
import { fixtureRepository, repositoryAt } from "../testing/fixture-repository.js";
import { run } from "./run.js";

// Each generates packages, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

let repository: Repository;
let root: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ repository, remove } = await fixtureRepository());
  root = repository.root;
  expect(await generate()).toMatchObject({ code: 0 });
});
afterAll(() => remove());

/** Runs the command in the temporary repository; colours and times are taken out of what it prints. */
async function generate(...args: string[]): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const code = await run(repository, args, (line) => lines.push(line));
  const plain = stripVTControlCharacters(lines.join("\n")).replace(/\d+\.\d s/g, "N s");
  return { code, out: plain };
}

const read = (file: string): Promise<string> => readFile(join(root, file), "utf8");

describe("what is generated", () => {
  test.each([
    "packages/acme/README.md",
    "packages/acme/package.json",
    "packages/acme/tsconfig.json",
    "packages/acme/src/env.ts",
    "packages/acme/src/index.ts",
    "packages/acme/src/generated/README.md",
    "packages/acme/src/generated/client.ts",
    "packages/acme/src/generated/export-orders.ts",
    "packages/acme/src/generated/manifest.json",
    "packages/acme/src/generated/schema.ts",
    "packages/cli/src/generated/known-vendors.ts",
    "packages/globex/README.md",
    "packages/globex/src/generated/client.ts",
    "packages/globex/src/generated/export-report.ts",
    "packages/sandbox/src/generated/index.ts",
  ])("%s is as in the fixtures", async (file) => {
    await expect(await read(file)).toMatchFileSnapshot(`../testing/fixtures/${file}`);
  });

  test("no other file is written", async () => {
    const files = await readdir(join(root, "packages/acme"), { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile()).length).toBe(11);
    expect((await readdir(join(root, "packages/sandbox/src/generated"))).sort()).toEqual([
      "acme.json",
      "globex.json",
      "index.ts",
    ]);
  });

  test("the sandbox gets both files of a spec as they are", async () => {
    const { vendor, openapi, arazzo } = JSON.parse(await read("packages/sandbox/src/generated/acme.json"));
    expect([vendor, openapi.info.title, arazzo.workflows[0].workflowId]).toEqual([
      "acme",
      "Acme",
      "exportOrders",
    ]);
  });

  test("a second run writes nothing", async () => {
    expect(await generate()).toEqual({ code: 0, out: "acme, globex: 29 files, 0 written, 0 removed (N s)" });
  });

  test("a package keeps its version, and its client tells it to the vendor", async () => {
    const before = await read("packages/acme/package.json");
    await writeFile(join(root, "packages/acme/package.json"), before.replace("0.1.0", "4.5.6"));
    await generate("acme");
    expect(JSON.parse(await read("packages/acme/package.json"))).toMatchObject({
      version: "4.5.6",
      dependencies: { "@outhaul/shared": "^1.2.3" },
    });
    expect(await read("packages/acme/src/generated/client.ts")).toContain('version: "4.5.6"');
    await writeFile(join(root, "packages/acme/package.json"), before);
    await generate("acme");
  });
});

describe("the table of packages", () => {
  const head = "| package | vendor | exports |\n|---|---|---|\n";

  test("is in the README, which is written where there is none", async () => {
    expect(await read("README.md")).toBe(
      `# Packages\n\n<!-- packages -->\n${head}| [\`@outhaul/acme\`](packages/acme) | Acme | \`exportOrders\` |\n| [\`@outhaul/globex\`](packages/globex) | Globex | \`exportReport\` |\n<!-- /packages -->\n`,
    );
  });

  test("is renewed between its marks, and keeps how a person names a vendor", async () => {
    const before = await read("README.md");
    const stale = `# Ours\n\n<!-- packages -->\n| [\`@outhaul/acme\`](packages/acme) | Acme Orders (Europe) | none |\n| [\`@outhaul/gone\`](packages/gone) | Gone | none |\n<!-- /packages -->\n\nEnd.\n`;
    await writeFile(join(root, "README.md"), stale);
    expect((await generate("acme", "--check")).out).toContain("stale    README.md");
    await generate("acme");
    expect(await read("README.md")).toBe(
      before
        .replace("# Packages", "# Ours")
        .replace("| Acme |", "| Acme Orders (Europe) |")
        .replace(/$/, "\nEnd.\n"),
    );
    await writeFile(join(root, "README.md"), before);
  });

  test("follows a vendor's title where nobody wrote another name", async () => {
    const [readme, spec] = [await read("README.md"), await read("specs/acme/openapi.yaml")];
    await writeFile(
      join(root, "specs/acme/openapi.yaml"),
      spec.replace("title: Acme", "title: Acme | Orders"),
    );
    await generate("acme");
    expect(await read("README.md")).toContain("(packages/acme) | Acme \\| Orders | `exportOrders` |");
    expect((await generate("--check")).code).toBe(0);
    await writeFile(join(root, "specs/acme/openapi.yaml"), spec);
    await generate("acme");
    expect(await read("README.md")).toBe(readme);
  });

  test("is not written while another vendor's data is damaged, and generating all mends that", async () => {
    const file = join(root, "packages/sandbox/src/generated/globex.json");
    await writeFile(file, "<<<<<<< ours");
    await expect(generate("acme")).rejects.toThrow(
      "packages/sandbox/src/generated/globex.json: this is no data of a vendor. npm run generate writes it anew",
    );
    expect((await generate()).code).toBe(0);
    expect((await generate("--check")).code).toBe(0);
  });

  test("needs the marks, so that nothing of a person's is overwritten", async () => {
    const before = await read("README.md");
    await writeFile(join(root, "README.md"), "# Ours\n");
    await expect(generate("acme")).rejects.toThrow(
      "outhaul.config.json: readme: README.md does not say where the table of packages goes. Write two lines into it: <!-- packages --> and <!-- /packages -->",
    );
    await writeFile(join(root, "README.md"), before);
  });
});

describe("the lock of the vendor's pages", () => {
  const lock = async () => JSON.parse(await read("specs/acme/docs.lock.json")).pages;

  test("holds just the pages that the spec cites, and keeps their digests", async () => {
    const pages = await lock();
    expect(Object.keys(pages)).toContain("https://acme.example/docs/list");
    const taken = { read: "2026-11-01", words: "1", sections: { A: "2" } };
    await writeFile(
      join(root, "specs/acme/docs.lock.json"),
      JSON.stringify({ pages: { ...pages, "https://acme.example/docs/list": taken } }),
    );
    const spec = await read("specs/acme/openapi.yaml");
    await writeFile(join(root, "specs/acme/openapi.yaml"), spec.replace("docs/file", "docs/download"));
    await generate("acme");
    const { "https://acme.example/docs/file": gone, ...others } = pages;
    expect(gone).toBeDefined();
    expect(await lock()).toEqual({
      ...others,
      "https://acme.example/docs/list": taken,
      "https://acme.example/docs/download": { read: "2026-11-22" },
    });
    await writeFile(join(root, "specs/acme/openapi.yaml"), spec);
    await generate("acme");
  });

  test("is left alone where it cannot be read: check-docs tells what is wrong", async () => {
    const before = await read("specs/acme/docs.lock.json");
    await writeFile(join(root, "specs/acme/docs.lock.json"), "<<<<<<< ours");
    expect((await generate("acme")).code).toBe(0);
    expect(await read("specs/acme/docs.lock.json")).toBe("<<<<<<< ours");
    await writeFile(join(root, "specs/acme/docs.lock.json"), before);
  });
});

describe("--check", () => {
  test("says that all is well, and writes nothing", async () => {
    expect(await generate("--check")).toEqual({
      code: 0,
      out: "acme, globex: 29 files are up to date (N s)",
    });
  });

  test("names what is missing, stale and orphaned, and what mends it; the command mends it", async () => {
    await rm(join(root, "packages/acme/LICENSE"));
    await appendFile(join(root, "packages/acme/src/generated/client.ts"), "// mine\n");
    await writeFile(join(root, "packages/acme/src/generated/export-stock.ts"), "");
    await writeFile(join(root, "packages/sandbox/src/generated/initech.json"), "{}");
    const found = await generate("--check");
    expect(found.code).toBe(1);
    expect(found.out.split("\n")).toEqual([
      "missing  packages/acme/LICENSE",
      "stale    packages/acme/src/generated/client.ts",
      "orphaned packages/acme/src/generated/export-stock.ts",
      "orphaned packages/sandbox/src/generated/initech.json",
      "",
      "Mend it with: npm run generate",
    ]);
    expect(existsSync(join(root, "packages/acme/LICENSE"))).toBe(false);

    expect((await generate()).out).toBe("acme, globex: 29 files, 2 written, 2 removed (N s)");
    expect((await generate("--check")).code).toBe(0);
  });

  test("of one vendor looks at that one only", async () => {
    await appendFile(join(root, "packages/acme/README.md"), "mine\n");
    expect((await generate("globex", "--check")).code).toBe(0);
    const found = await generate("acme", "--check");
    expect(found.out).toBe("stale    packages/acme/README.md\n\nMend it with: npm run generate acme");
    await generate("acme");
  });

  test("names a generated package whose spec is gone", async () => {
    await rename(join(root, "specs/globex"), join(root, "globex"));
    const found = await generate("--check");
    expect(found.code).toBe(1);
    expect(found.out).toContain("orphaned packages/globex (has no spec: git rm -r packages/globex)");
    expect(found.out).toContain("orphaned packages/sandbox/src/generated/globex.json");
    await rename(join(root, "globex"), join(root, "specs/globex"));
  });
});

describe("mistakes", () => {
  test("are told with file, line, rule and hint; nothing is written", async () => {
    const file = join(root, "specs/acme/exports.arazzo.yaml");
    const before = await readFile(file, "utf8");
    await writeFile(file, before.replace("operationId: downloadExport", "operationId: download"));
    const client = await read("packages/acme/src/generated/client.ts");
    expect(await generate()).toEqual({
      code: 1,
      out: [
        'specs/acme/exports.arazzo.yaml:52 operation-unknown openapi.yaml has no operation "download"',
        "    is it downloadExport?",
        "",
        "1 mistake; nothing was written. npm run generate -- --rules tells the rules.",
      ].join("\n"),
    });
    await writeFile(file, before);
    expect(await read("packages/acme/src/generated/client.ts")).toBe(client);
  });

  test("a vendor without files, and a folder that cannot name a package", async () => {
    expect((await generate("initech")).out).toContain(
      "specs/initech/openapi.yaml:1 file-missing there is no such file",
    );
    await mkdir(join(root, "specs/My Vendor"));
    const found = await generate();
    await rm(join(root, "specs/My Vendor"), { recursive: true });
    expect(found.code).toBe(1);
    expect(found.out).toContain('specs/My Vendor:1 vendor-name "My Vendor" cannot name a package');
  });

  test("what only openapi-typescript refuses is a diagnostic too", async () => {
    const file = join(root, "specs/acme/openapi.yaml");
    const before = await readFile(file, "utf8");
    await writeFile(
      file,
      before.replace(
        "  schemas:\n",
        "  schemas:\n    Either: { oneOf: [{ $ref: '#/components/schemas/Export' }], discriminator: { propertyName: kind, mapping: { a: 5 } } }\n",
      ),
    );
    const found = await generate();
    await writeFile(file, before);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/^specs\/acme\/openapi\.yaml:\d+ openapi-shape openapi-typescript: /);
  });

  test("an option that there is not", async () => {
    const found = await generate("--chekc");
    expect(found.code).toBe(1);
    expect(found.out).toContain("There is no option --chekc.");
  });
});

test("a repository without a spec says how to begin", async () => {
  const lines: string[] = [];
  const empty = await mkdtemp(join(tmpdir(), "outhaul-empty-"));
  expect(await run(repositoryAt(empty), [], (line) => lines.push(line))).toBe(1);
  await rm(empty, { recursive: true });
  expect(lines).toEqual(["There is no spec in specs. npm run new-vendor -- --help tells how to begin."]);
});

test("--rules lists every rule with its sentence", async () => {
  const { code, out } = await generate("--rules");
  expect(code).toBe(0);
  expect(out.split("\n").length).toBe(Object.keys(rules).length);
  expect(out).toContain("poll-missing");
});
