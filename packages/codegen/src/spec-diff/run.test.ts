import { execFileSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Repository } from "../config/repository.js";
import { fixtureRepository, repositoryAt } from "../testing/fixture-repository.js";
import { run } from "./run.js";
import { releaseBump } from "./vendor-diff.js";

// Each command starts git and `redocly diff`, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

let repository: Repository;
let root: string;
let remove: () => Promise<void>;
let printed: string;

beforeEach(async () => {
  ({ repository, remove } = await fixtureRepository());
  root = repository.root;
  git("init", "--quiet");
  await command("regenerate");
  commit("first");
});
afterEach(() => remove());

describe("before the first release", () => {
  it("no changeset is needed, and none is written", async () => {
    await edit("openapi.yaml", "enum: [orders]", "enum: [orders, items]");
    expect(await command("diff", "acme")).toBe(0);
    expect(printed).toBe("acme: not released yet: no changeset is needed");
    expect(await command("regenerate", "acme")).toBe(0);
    expect(await changesets()).toEqual([]);
    expect(await command("check")).toBe(0);
    expect(printed).toContain("2 passed, 0 failed");
  });

  it("a revision without the vendor says: new vendor", async () => {
    await rm(join(root, "specs/globex"), { recursive: true });
    commit("without globex");
    git("revert", "--no-edit", "HEAD");
    expect(await command("diff", "globex", "--base", "HEAD~1")).toBe(0);
    expect(printed).toBe("globex since HEAD~1: new vendor: minor");
    expect(await command("regenerate", "globex", "--base", "HEAD~1")).toBe(0);
    expect(await readFile(join(root, ".changeset/spec-globex.md"), "utf8")).toBe(
      '---\n"@outhaul/globex": minor\n---\n\nThe first version.\n',
    );
  });

  it("a revision that there is not is told", async () => {
    expect(await command("diff", "--base", "nonsense")).toBe(1);
    expect(printed).toContain("There is no revision nonsense here.");
  });
});

describe("after a release", () => {
  beforeEach(async () => {
    await release("1.2.0");
  });

  it("compares with the highest tag of the vendor, not of another or of a snapshot", async () => {
    await edit("openapi.yaml", "enum: [orders]", "enum: [orders, items]");
    commit("items");
    await release("1.10.0");
    git("tag", "@outhaul/acme@1.10.1-next.0");
    git("tag", "@outhaul/globex@9.0.0");
    await edit("openapi.yaml", "enum: [orders, items]", "enum: [orders, items, shops]");
    await command("diff", "acme");
    expect(printed).toBe(
      "acme since @outhaul/acme@1.10.0: minor\n  minor `kind` now also takes `shops` (`startOrderExport`)",
    );
  });

  it("writes one changeset, renews it, and removes it when nothing is left to tell", async () => {
    await edit("openapi.yaml", "enum: [orders]", "enum: [orders, items]");
    expect(await command("regenerate", "acme")).toBe(0);
    expect(await readFile(join(root, ".changeset/spec-acme.md"), "utf8")).toBe(
      '---\n"@outhaul/acme": minor\n---\n\nWhat is different in the vendor\'s API:\n\n- `kind` now also takes `items` (`startOrderExport`).\n',
    );
    expect(printed).toContain(".changeset/spec-acme.md written (minor)");
    await command("regenerate", "acme");
    expect(printed).toContain(".changeset/spec-acme.md is as it was (minor)");
    await edit(
      "openapi.yaml",
      "columns: { type: array, items: { type: string } }",
      "fields: { type: string }",
    );
    await edit("exports.arazzo.yaml", ", columns: [id, total]", "");
    await command("regenerate", "acme");
    expect(await changesets()).toEqual(["spec-acme.md"]);
    expect(await readFile(join(root, ".changeset/spec-acme.md"), "utf8")).toBe(
      [
        '---\n"@outhaul/acme": major\n---\n',
        "What programs may have to change for:\n",
        "- `columns` is gone (`startOrderExport`).\n",
        "What else is different in the vendor's API:\n",
        "- `fields` is new (`startOrderExport`).",
        "- `kind` now also takes `items` (`startOrderExport`).\n",
      ].join("\n"),
    );
    git("checkout", "--quiet", "specs");
    await command("regenerate", "acme");
    expect(await changesets()).toEqual([]);
  });

  it("writes nothing when a spec has mistakes", async () => {
    await edit("openapi.yaml", "operationId: listExports", "operationId: list exports");
    expect(await command("regenerate", "acme")).toBe(1);
    expect(await changesets()).toEqual([]);
    expect(await command("diff", "acme")).toBe(1);
    expect(printed).toContain("npm run generate acme tells all mistakes");
  });

  it("writes JSON for machines", async () => {
    await edit("openapi.yaml", "enum: [orders]", "enum: [orders, items]");
    await command("diff", "acme", "--json");
    expect(JSON.parse(printed)).toEqual([
      expect.objectContaining({
        vendor: "acme",
        base: "@outhaul/acme@1.2.0",
        bump: "minor",
        release: "minor",
        changes: [{ bump: "minor", text: "`kind` now also takes `items`", operations: ["startOrderExport"] }],
      }),
    ]);
  });

  describe("the check", () => {
    beforeEach(() => edit("openapi.yaml", "enum: [orders]", "enum: [orders, items]"));

    it("fails without a changeset, and says what changed and what to do", async () => {
      expect(await command("check")).toBe(1);
      expect(printed).toContain(
        "acme: its spec or what is generated from it changed since @outhaul/acme@1.2.0, which takes a changeset of minor or higher; there is none. npm run regenerate acme",
      );
      expect(printed).toContain("minor `kind` now also takes `items`");
      expect(printed).toContain("1 passed, 1 failed");
    });

    it.each([
      ["patch", 1],
      ["minor", 0],
      ["major", 0],
    ])("with a changeset of %s ends with %i", async (bump, code) => {
      await mkdir(join(root, ".changeset"), { recursive: true });
      await writeFile(
        join(root, ".changeset/brave-cats.md"),
        `---\n"@outhaul/globex": major\n"@outhaul/acme": ${bump}\n---\n\nMore.\n`,
      );
      expect(await command("check")).toBe(code);
    });

    it("passes once the version is raised, when the changesets are used up", async () => {
      await setVersion("1.3.0");
      expect(await command("check")).toBe(0);
      await setVersion("1.2.1");
      expect(await command("check")).toBe(1);
    });

    it("passes with what regenerate wrote", async () => {
      await command("regenerate");
      expect(await command("check")).toBe(0);
    });

    it("says so in a shallow checkout without tags, and outside of git", async () => {
      commit("items");
      const shallow = join(root, "shallow");
      git("clone", "--quiet", "--depth=1", "--no-tags", `file://${root}`, shallow);
      printed = "";
      expect(await run(repositoryAt(shallow), ["check"], say)).toBe(0);
      expect(plain(printed)).toContain(
        "acme: nothing to compare with: this checkout is shallow and has no tag of a release; git fetch --unshallow --tags",
      );
      await rm(shallow, { recursive: true });
      await rm(join(root, ".git"), { recursive: true });
      expect(await command("check")).toBe(0);
      expect(printed).toContain("this is no checkout of git");
    });
  });
});

describe("what no user can notice", () => {
  beforeEach(async () => {
    await release("1.2.0");
  });

  it("is told to the maintainer, and is no line of the changelog", async () => {
    await edit(
      "openapi.yaml",
      "kind: { type: string, enum: [orders] }",
      "kind: { type: string, enum: [orders], description: What is exported. }",
    );
    await command("regenerate", "acme");
    expect(printed).toContain("patch The documentation of `kind` says something else (`startOrderExport`)");
    expect(await changeset("spec-acme")).toBe(
      '---\n"@outhaul/acme": patch\n---\n\nComments of the types read otherwise; nothing else is different.\n',
    );
    await edit("openapi.yaml", "columns: { type: array,", "columns: { deprecated: true, type: array,");
    await command("regenerate", "acme");
    expect(await changeset("spec-acme")).toBe(
      '---\n"@outhaul/acme": patch\n---\n\nWhat is different in the vendor\'s API:\n\n- `columns` is deprecated (`startOrderExport`).\n',
    );
  });

  it("takes no changeset at all: the day on which a page was read", async () => {
    await edit("openapi.yaml", "/docs/list, read: 2026-11-22", "/docs/list, read: 2026-11-27");
    await command("regenerate");
    expect(await changesets()).toEqual([]);
    expect(await command("check")).toBe(0);
  });
});

describe("a package whose generated files change", () => {
  beforeEach(async () => {
    await writeFile(
      join(root, "packages/sandbox/package.json"),
      JSON.stringify({ name: "@outhaul/sandbox", version: "0.4.0" }),
    );
    await mkdir(join(root, "packages/cli"), { recursive: true });
    await writeFile(
      join(root, "packages/cli/package.json"),
      JSON.stringify({ name: "outhaul", version: "2.0.0" }),
    );
    await release("1.2.0");
    git("tag", "@outhaul/sandbox@0.4.0");
    git("tag", "outhaul@2.0.0");
  });

  it("gets its bump with a sentence, too, and the check asks for it", async () => {
    await edit("openapi.yaml", "enum: [orders]", "enum: [orders, items]");
    await command("regenerate", "acme");
    expect(await changesets()).toEqual(["generated-sandbox.md", "spec-acme.md"]);
    expect(await changeset("generated-sandbox")).toBe(
      '---\n"@outhaul/sandbox": patch\n---\n\nWhat is different in the vendors\' data:\n\n- The sandbox plays `acme` as the spec describes the vendor now.\n',
    );
    expect(await command("check")).toBe(0);
    await rm(join(root, ".changeset/generated-sandbox.md"));
    expect(await command("check")).toBe(1);
    expect(printed).toContain(
      "@outhaul/sandbox: what is generated into it changed since @outhaul/sandbox@0.4.0, which takes a changeset of patch or higher; there is none. npm run regenerate",
    );
    git("checkout", "--quiet", "specs");
    await command("regenerate");
    expect(await changesets()).toEqual([]);
  });

  it("tells of vendors that are new or gone, in every package that lists them", async () => {
    await rm(join(root, "specs/globex"), { recursive: true });
    await cp(join(root, "specs/acme"), join(root, "specs/initech"), { recursive: true });
    expect(await command("regenerate", "acme")).toBe(0);
    await command("regenerate");
    expect(await changeset("generated-sandbox")).toBe(
      '---\n"@outhaul/sandbox": minor\n---\n\nWhat is different in the vendors\' data:\n\n- The sandbox plays `initech`, too.\n- The sandbox does not play `globex` any more.\n',
    );
    expect(await changeset("generated-cli")).toBe(
      '---\n"outhaul": major\n---\n\nWhat is different in the vendors\' data:\n\n- `initech` is known.\n- `globex` is not known any more.\n',
    );
  });

  it("of a vendor by a newer generator alone takes a patch", async () => {
    const file = join(root, "packages/acme/src/generated/client.ts");
    await writeFile(file, (await readFile(file, "utf8")).replace("export ", "// newer\nexport "));
    expect(await command("check")).toBe(1);
    expect(printed).toContain(
      "acme: its spec or what is generated from it changed since @outhaul/acme@1.2.0",
    );
    expect(printed).toContain("patch The code is generated anew, from the same spec");
  });

  it("but a version, or the layout of package.json, is no change", async () => {
    await setVersion("1.2.1");
    const file = join(root, "packages/acme/package.json");
    await writeFile(file, JSON.stringify(JSON.parse(await readFile(file, "utf8")), null, 4));
    expect(await command("diff", "acme")).toBe(0);
    expect(printed).toBe("acme since @outhaul/acme@1.2.0: none");
  });
});

it("keeps the changeset that a vendor without a release has", async () => {
  await mkdir(join(root, ".changeset"), { recursive: true });
  await writeFile(
    join(root, ".changeset/spec-acme.md"),
    '---\n"@outhaul/acme": minor\n---\n\nThe first version.\n',
  );
  await command("regenerate");
  expect(await changesets()).toEqual(["spec-acme.md"]);
});

it("gives a spec that has no package yet its first changeset, once", async () => {
  await mkdir(join(root, ".changeset"), { recursive: true });
  await writeFile(join(root, ".changeset/config.json"), "{}");
  await rm(join(root, "packages/globex"), { recursive: true });
  await command("regenerate");
  expect(await changesets()).toEqual(["config.json", "spec-globex.md"]);
  expect(printed).toContain("spec-globex.md written: a sentence for its first users");
  await writeFile(join(root, ".changeset/spec-globex.md"), '---\n"@outhaul/globex": minor\n---\n\nMine.\n');
  await rm(join(root, "packages/globex"), { recursive: true });
  await command("regenerate");
  expect(await readFile(join(root, ".changeset/spec-globex.md"), "utf8")).toContain("Mine.");
});

describe("before 1.0.0", () => {
  it("a changeset is one step lower, as npm's caret reads versions", async () => {
    await release("0.3.0");
    await edit("openapi.yaml", "enum: [orders]", "enum: [items]");
    await edit("exports.arazzo.yaml", "kind: orders", "kind: items");
    await command("regenerate", "acme");
    expect(printed).toContain("acme since @outhaul/acme@0.3.0: major, so minor: before 1.0.0");
    expect(await readFile(join(root, ".changeset/spec-acme.md"), "utf8")).toContain(
      '"@outhaul/acme": minor\n',
    );
    expect(releaseBump("minor", "0.3.0")).toBe("patch");
    expect(releaseBump("major", "1.0.0")).toBe("major");
  });
});

it("refuses what there is not", async () => {
  expect(await command("diff", "acne")).toBe(1);
  expect(printed).toContain('There is no vendor "acne". There are: acme, globex.');
  expect(await command("diff", "--bass", "x")).toBe(1);
  expect(printed).toContain("Unknown option '--bass'");
});

async function command(...args: string[]): Promise<number> {
  printed = "";
  const code = await run(repository, args, say);
  printed = plain(printed).trim();
  return code;
}

function say(line: string): void {
  printed += `${line}\n`;
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
  return text.replace(/\x1b\[\d+m/g, "");
}

function git(...args: string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...args], { cwd: root, encoding: "utf8", stdio: "pipe" });
}

function commit(message: string): void {
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", message);
}

async function release(version: string): Promise<void> {
  await setVersion(version);
  commit(version);
  git("tag", `@outhaul/acme@${version}`);
}

async function setVersion(version: string): Promise<void> {
  const file = join(root, "packages/acme/package.json");
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), version }));
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = join(root, "specs/acme", file);
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

async function changeset(name: string): Promise<string> {
  return await readFile(join(root, `.changeset/${name}.md`), "utf8");
}

async function changesets(): Promise<string[]> {
  return await readdir(join(root, ".changeset")).catch(() => []);
}
