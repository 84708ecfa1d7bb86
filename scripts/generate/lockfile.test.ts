import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { isLockfileStale } from "./lockfile.js";

let root: string;

beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), "outhaul-lockfile-"))}/`;
  onTestFinished(() => rmSync(root, { recursive: true }));
  manifest("acme", { version: "0.1.0", dependencies: { b: "^2.0.0", a: "^1.0.0" } });
  const acme = { name: "@outhaul/acme", version: "0.1.0", dependencies: { a: "^1.0.0", b: "^2.0.0" } };
  writeFileSync(
    `${root}package-lock.json`,
    JSON.stringify({ packages: { "": {}, "packages/acme": acme, "packages/acme/node_modules/a": {} } }),
  );
});

function manifest(name: string, content: object): void {
  mkdirSync(`${root}packages/${name}`, { recursive: true });
  writeFileSync(`${root}packages/${name}/package.json`, JSON.stringify(content));
}

it("a lockfile that knows the packages as they are is not stale", () => {
  expect(isLockfileStale(root)).toBe(false);
});

it.each([
  ["a new package", () => manifest("globex", { version: "0.1.0" })],
  ["a package that is gone", () => rmSync(`${root}packages/acme`, { recursive: true })],
  [
    "another version",
    () => manifest("acme", { version: "0.2.0", dependencies: { a: "^1.0.0", b: "^2.0.0" } }),
  ],
  ["another range", () => manifest("acme", { version: "0.1.0", dependencies: { a: "^1.1.0", b: "^2.0.0" } })],
] as const)("%s makes it stale", (_, change) => {
  change();
  expect(isLockfileStale(root)).toBe(true);
});
