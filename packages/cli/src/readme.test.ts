import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { exitCodes } from "./errors/exit-code.js";
import { root, testWorld } from "./testing/world.js";

const readme = readFileSync(join(root, "packages/cli/README.md"), "utf8");
const rootReadme = readFileSync(join(root, "README.md"), "utf8");
const block = (mark: string, text = readme) =>
  new RegExp(`<!-- ${mark} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? "";

// Side by side: each waits as long as the vendor of its example advises.
it.concurrent.for([
  ["this package's", block("example"), 5],
  ["the repository's", block("command-line", rootReadme), 1],
] as const)("the commands of %s README run, word by word", async ([, text, count], { onTestFinished }) => {
  const world = await testWorld({ jobs: { polls: 0, sizeBytes: 20_000 } }, onTestFinished);
  symlinkSync(join(root, "packages/cli/dist/main.js"), join(world.folder, "outhaul"));
  const env = { ...world.env, PATH: `${world.folder}:${world.env["PATH"]}` };
  const script = text.replaceAll("npx outhaul", "outhaul");
  expect(script.match(/^outhaul /gm)).toHaveLength(count);
  const where = { cwd: join(world.folder, "project"), env, encoding: "utf8" as const };
  // Not in this thread: the sandbox answers here.
  const { stderr } = await promisify(execFile)("sh", ["-ec", script], where);
  expect(stderr).toContain("saved");
  expect(readdirSync(join(world.folder, "project/exports"))).toHaveLength(1);
});

it.concurrent("the README's command in the sandbox runs, word by word", async ({ onTestFinished }) => {
  const world = await testWorld({ vendors: [] }, onTestFinished);
  symlinkSync(join(root, "packages/cli/dist/main.js"), join(world.folder, "outhaul"));
  const env = { HOME: world.folder, PATH: `${world.folder}:${world.env["PATH"]}` };
  const script = block("sandbox").replaceAll("npx outhaul", "outhaul");
  const cwd = join(world.folder, "project");
  const { stderr } = await promisify(execFile)("sh", ["-ec", script], { cwd, env, encoding: "utf8" });
  expect(stderr).toMatch(/^Live page: http:[\s\S]*saved/);
  const [name = ""] = readdirSync(join(cwd, "exports"));
  expect(statSync(join(cwd, "exports", name)).size).toBeGreaterThan(1_900_000);
});

it.concurrent("the README's file of exports runs", async ({ onTestFinished }) => {
  const world = await testWorld({ jobs: { polls: 0, sizeBytes: 20_000 } }, onTestFinished);
  writeFileSync(join(world.folder, "project/exports.yaml"), block("exports.yaml"));
  expect(await world.run(["run", "exports.yaml"])).toMatchObject({ code: 0 });
  expect(readdirSync(join(world.folder, "project/exports"))).toHaveLength(2);
});

it.concurrent("the demo is the first command of the repository's README, and its example runs", async ({
  onTestFinished,
}) => {
  expect(/```sh\n(.*)\n/.exec(rootReadme)?.[1]).toBe("npx outhaul demo");
  const world = await testWorld({ jobs: { polls: 0, sizeBytes: 20_000 } }, onTestFinished);
  const code = block("example", rootReadme);
  const cwd = join(world.folder, "project");
  writeFileSync(join(cwd, "example.mjs"), code);
  const { stdout } = await promisify(execFile)(process.execPath, ["example.mjs"], { cwd, env: world.env });
  expect(stdout).toMatch(/project\/exports\/\S+ \d+ (length|framing)\n$/);
});

it("the README has every exit code, and names no flag or command that there is not", async () => {
  for (const code of Object.values(exitCodes)) expect(readme).toContain(`\n| ${code} | `);
  const pages = readdirSync(join(root, "packages/cli/src/help-pages"));
  const help = pages
    .map((page) => readFileSync(join(root, "packages/cli/src/help-pages", page), "utf8"))
    .join("\n");
  for (const [flag] of readme.matchAll(/(?<=[\s`])--[a-z][\w-]*(?=[\s`,])/g))
    expect(`${help} --help`).toContain(flag);
});
