import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Config, defaults } from "./config.js";
import { configKeys, parseConfig, readConfig } from "./read-config.js";
import { createRepository } from "./repository.js";

it("has a default for all but the scope", () => {
  expect(parseConfig({ scope: "@acme" })).toEqual({ scope: "@acme", ...defaults });
});

it.each([
  [{}, 'scope: is missing. Write the scope of your packages: "scope": "@your-company"'],
  [[], 'has to hold an object, such as { "scope": "@your-company" }'],
  [{ scope: "acme" }, 'scope: "acme" has to be a scope of npm, such as @your-company'],
  [{ scope: "@acme", private: "no" }, 'private: "no" has to be true or false'],
  [{ scope: "@acme", license: "" }, 'license: "" has to be a text'],
  [{ scope: "@acme", publishConfig: [] }, "publishConfig: [] has to be an object"],
  [
    { scope: "@acme", repository: "git@example.com:a/b" },
    'repository: "git@example.com:a/b" has to be an address such as https://github.com/your-company/exports',
  ],
  ...["../clients", "/clients", "clients/", "a\\b", "", 5].map((packages): [unknown, string] => [
    { scope: "@acme", packages },
    `packages: ${JSON.stringify(packages)} has to be a path inside the repository, with slashes, such as packages/clients`,
  ]),
  [
    { scope: "@acme", build: "tsup" },
    "tsconfig: is missing. tsconfig and build go together: give both, or none",
  ],
  [
    { scope: "@acme", tsconfig: "tsconfig.json" },
    "build: is missing. tsconfig and build go together: give both, or none",
  ],
])("refuses %j, and says what to do", (given, message) => {
  expect(() => parseConfig(given)).toThrow(`outhaul.config.json: ${message}`);
});

it("refuses a key that there is not, and names those that there are", () => {
  expect(() => parseConfig({ scope: "@acme", specz: "specs" })).toThrow(
    /^outhaul\.config\.json: specz: there is no such key\. Correct it, or delete it\. There are: scope, specs, /,
  );
});

it("tells of a file that is missing, or is no JSON", () => {
  const root = mkdtempSync(join(tmpdir(), "outhaul-config-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  expect(() => readConfig(root)).toThrow("outhaul.config.json: there is no such file in");
  writeFileSync(join(root, "outhaul.config.json"), "{ scope: 1 }");
  expect(() => readConfig(root)).toThrow("outhaul.config.json: this is no JSON: ");
});

it("knows a repository by its absolute path, however it is given", () => {
  const config = parseConfig({ scope: "@acme" });
  expect(createRepository("/exports/", config).root).toBe("/exports");
  expect(createRepository(".", config).root).toBe(process.cwd());
});

it("names a command as the repository calls it", () => {
  const [own, other] = [true, false].map((npmScripts) =>
    createRepository("/", { ...parseConfig({ scope: "@acme" }), npmScripts }),
  );
  expect(own?.command("docs-check", "acme", "--from DIR")).toBe("npm run docs:check acme -- --from DIR");
  expect(own?.command("generate", "[vendor…]", "[--check]")).toBe("npm run generate [vendor…] [-- --check]");
  expect(other?.command("docs-check", "acme", "--from DIR")).toBe(
    "npx outhaul-codegen docs-check acme --from DIR",
  );
});

it("the README's table has each key, with its default", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const rows = new Map(
    [...readme.matchAll(/^\| `(\w+)` \| .* \| (.*) \|$/gm)].map(([, key = "", text = ""]) => [key, text]),
  );
  expect([...rows.keys()]).toEqual(configKeys);
  for (const [key, value] of Object.entries<Config[keyof Config]>(defaults))
    expect(rows.get(key), key).toBe(`\`${value}\``);
});
