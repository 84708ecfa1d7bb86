import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { openRepository } from "../packages/codegen/src/config/repository.js";
import { root } from "./vendors.js";

interface Job {
  permissions?: unknown;
  uses?: string;
  environment?: string;
  steps?: { uses?: string; run?: string; with?: Record<string, unknown> }[];
  "timeout-minutes"?: number;
}
interface Workflow {
  permissions?: unknown;
  on?: unknown;
  jobs: Record<string, Job>;
}

const { repository } = openRepository(root).config;
const folder = `${root}.github/workflows/`;
const workflows = readdirSync(folder).map((file): [string, string, Workflow] => {
  const text = readFileSync(folder + file, "utf8");
  return [file, text, parse(text)];
});

/** What a workflow may do that is more than reading the code: each has a reason. */
const RIGHTS: Record<string, string[]> = {
  "release.yml version": ["contents: write", "pull-requests: write"],
  "release.yml publish": ["id-token: write"],
  "release.yml tag": ["contents: write"],
  "snapshot.yml publish": ["id-token: write"],
  "docs.yml": ["contents: read", "issues: write"],
  "docs-site.yml deploy": ["pages: write", "id-token: write"],
};

describe.each(workflows)("%s", (file, text, workflow) => {
  it("names each action by its commit, with its version beside it", () => {
    const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+){0,2}$/);
  });

  it("has no rights but those of its jobs, and each job just those that it needs", () => {
    expect(workflow.permissions).toEqual({});
    for (const [name, { permissions }] of Object.entries(workflow.jobs)) {
      const rights = Object.entries(permissions ?? {}).map(([right, value]) => `${right}: ${value}`);
      const allowed = RIGHTS[`${file} ${name}`] ?? RIGHTS[file] ?? ["contents: read"];
      expect(permissions, `the rights of ${name}`).toBeTypeOf("object");
      expect(allowed).toEqual(expect.arrayContaining(rights));
    }
  });

  it("4.11 keeps no key in a checkout, and ends by itself", () => {
    for (const job of Object.values(workflow.jobs)) {
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
      for (const step of job.steps ?? [])
        if (step.uses?.startsWith("actions/checkout@"))
          expect(step.with?.["persist-credentials"]).toBe(false);
    }
  });

  it("4.11 publishes only what another job has made, after a look at its digest, and runs nothing of the repository there", () => {
    for (const { permissions, steps = [] } of Object.values(workflow.jobs)) {
      const rights = JSON.stringify(permissions);
      if (!rights.includes("id-token") || rights.includes("pages")) continue;
      const actions = steps.flatMap(({ uses = "" }) => /^actions\/([\w-]+)@/.exec(uses)?.[1] ?? []);
      expect(actions).toEqual(["setup-node", "download-artifact"]);
      const runs = steps.flatMap(({ run }) => run ?? []);
      expect(runs.join("\n")).not.toMatch(/npm (ci|run|exec)|npx|npm install (?!--global npm@)/);
      const checked = runs.findIndex((run) => run.includes('echo "$DIGEST  SHA256SUMS" | sha256sum --check'));
      expect(checked).toBeGreaterThanOrEqual(0);
      expect(runs.findIndex((run) => run.includes("npm publish"))).toBeGreaterThan(checked);
    }
  });

  it("4.11 names each image by its digest", () => {
    for (const [, image] of text.matchAll(/image: *(\S+)/g)) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  it("puts nothing that others write into a shell", () => {
    for (const { steps = [] } of Object.values(workflow.jobs))
      for (const { run = "" } of steps) expect(run).not.toMatch(/\$\{\{/);
    expect(JSON.stringify(workflow.on)).not.toContain("pull_request_target");
  });

  it("runs npm scripts that there are, with the npm of package.json", () => {
    const { scripts, packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
    const runs = Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps.map(({ run = "" }) => run));
    for (const run of runs) {
      const [, script] = /npm run (?:--silent )?([\w:-]+)/.exec(run) ?? [];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      const [, npm] = /npm install --global (\S+)/.exec(run) ?? [];
      if (npm !== undefined) expect(npm).toBe(packageManager);
    }
  });
});

it("only a release and a snapshot can prove to npm who they are", () => {
  const files = workflows
    .filter(([, , { jobs }]) =>
      Object.values(jobs).some(
        ({ permissions, environment }) =>
          JSON.stringify(permissions).includes("id-token") && environment !== "github-pages",
      ),
    )
    .map(([file]) => file);
  expect(files.sort()).toEqual(["release.yml", "snapshot.yml"]);
});

it("the site is deployed by a job that runs nothing of the repository, and only from main", () => {
  const site = workflows.find(([file]) => file === "docs-site.yml")?.[2];
  const { steps = [], environment } = site?.jobs["deploy"] ?? {};
  expect(steps.map(({ uses = "", run }) => run ?? uses.split("@", 1)[0])).toEqual(["actions/deploy-pages"]);
  expect(environment).toBe("github-pages");
  expect(site?.on).toEqual({ push: { branches: ["main"] }, workflow_dispatch: null });
});

it("each package by hand says where it comes from, as the generated ones do", () => {
  for (const name of readdirSync(`${root}packages`)) {
    let text: string;
    try {
      text = readFileSync(`${root}packages/${name}/package.json`, "utf8");
    } catch {
      continue; // no package yet
    }
    expect(JSON.parse(text)).toMatchObject({
      homepage: `${repository}/tree/main/packages/${name}#readme`,
      bugs: `${repository}/issues`,
      repository: { type: "git", url: `git+${repository}.git`, directory: `packages/${name}` },
      publishConfig: { access: "public", provenance: true },
      keywords: expect.arrayContaining(["outhaul"]),
      files: expect.arrayContaining(["CHANGELOG.md"]),
    });
  }
});

describe("the weekly look at the pages", () => {
  const steps = workflows.find(([file]) => file === "docs.yml")?.[2].jobs["watch"]?.steps ?? [];
  const tell = steps.at(-1)?.run ?? "";
  /** A program in place of GitHub's: it keeps the last text of one issue, and a line for each text. */
  const gh = [
    "#!/bin/sh",
    'case "$1 $2 $4" in',
    '  "issue list open") [ ! -f closed ] && cat number 2>/dev/null; true ;;',
    '  "issue list all") cat number 2>/dev/null; true ;;',
    '  "issue view "*) cat last ;;',
    '  "issue create "* | "issue comment "*) echo "$2" >> told; cp body.md last; rm -f closed; echo 7 > number ;;',
    "  *) exit 1 ;;",
    "esac",
  ];

  it("tells a report once, and again when it is another", { timeout: 30_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "outhaul-weekly-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "gh"), `${gh.join("\n")}\n`);
    chmodSync(join(folder, "gh"), 0o755);
    const run = (report: string) => {
      writeFileSync(join(folder, "report.txt"), report);
      const { status, stderr } = spawnSync("bash", ["-e", "-o", "pipefail", "-c", tell], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, CODE: "2", PATH: `${folder}${delimiter}${process.env["PATH"]}` },
      });
      expect([status, stderr]).toEqual([0, ""]);
      return readFileSync(join(folder, "told"), "utf8").trim().split("\n");
    };
    const unread = "not taken https://acme.example/docs: cited, but no digest was taken yet\n";
    const limited = (seconds: number) =>
      `rate-limited https://acme.example/b answers 429: too many requests; it asks to come back in ${seconds} s\n    cited by x\n`;
    expect(run(unread)).toEqual(["create"]);
    expect(run(unread)).toEqual(["create"]);
    expect(run(unread + limited(9))).toEqual(["create", "comment"]);
    expect(run(unread + limited(70))).toEqual(["create", "comment"]);
    writeFileSync(join(folder, "closed"), "");
    expect(run(unread + limited(5))).toEqual(["create", "comment"]);
    expect(run(`${unread}changed https://acme.example/c (read 2026-11-26)\n    changed: A\n`)).toEqual([
      "create",
      "comment",
      "create",
    ]);
    expect(readFileSync(join(folder, "last"), "utf8")).toContain("changed: A");
  });
});
