import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { root } from "./vendors.js";

const codegen = "packages/codegen/src/cli/main.ts";

// Each starts a compiler of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A script of the repository, run as its npm script runs it. */
function script(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx/esm", root + file, ...args],
    {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    },
  );
  return { status, stdout, stderr };
}

it.each([
  [codegen, "docs-check"],
  [codegen, "docs-accept"],
  [codegen, "check-docs"],
  [codegen, "spec-diff"],
  [codegen, "regenerate"],
  [codegen, "check-changesets"],
  ["scripts/generate/main.ts", "generate"],
  ["scripts/generate/main.ts", "regenerate"],
  ["scripts/generate/main.ts", "new-vendor"],
  ["scripts/release/main.ts"],
  ["scripts/kills/main.ts"],
  ["scripts/bench/main.ts"],
  ["scripts/chaos.ts"],
])("%s %s tells how it is used", (file, ...args) => {
  const { status, stdout, stderr } = script(file, ...args, "--help");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^npm run [\w:-]+/);
});

it.each([
  ["scripts/kills/main.ts", ["--only", "nope"], '--only: no way to save has "nope" in its name'],
  ["scripts/bench/main.ts", ["nope"], 'There is no benchmark "nope"'],
  ["scripts/chaos.ts", ["--count", "none"], '--count must be a whole number from 1 on, not "none"'],
])("%s says what is wrong with its options, and does nothing", (file, args, problem) => {
  const { status, stdout, stderr } = script(file, ...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`${problem}\n\nnpm run `);
});

it("spec:diff finds the repository's own specs", () => {
  const { status, stdout } = script(codegen, "spec-diff", "--base", "HEAD", "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout).map(({ vendor }: { vendor: string }) => vendor)).toContain("ongage");
});

it("docs:check tells of each cited page that could not be looked at", () => {
  const empty = mkdtempSync(join(tmpdir(), "outhaul-pages-"));
  onTestFinished(() => rmSync(empty, { recursive: true }));
  const { status, stdout } = script(codegen, "docs-check", "ongage", "--from", empty);
  expect(status).toBe(2);
  expect(stdout).toMatch(/could not be looked at\n$/);
});
