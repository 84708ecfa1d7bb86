import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { onTerminal } from "../testing/on-terminal.js";
import { testWorld, type World } from "../testing/world.js";

/** An environment with a folder for temporary files, and without a home that can be written. */
function poorEnv(world: World) {
  const tmp = join(world.folder, "tmp");
  mkdirSync(tmp);
  writeFileSync(join(world.folder, "file"), "");
  const home = join(world.folder, "file/home");
  return { tmp, env: { TMPDIR: tmp, HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home } };
}

/** What a successful demo shows, step for step. */
const STORY = [
  "1/5",
  "answers at http://127.0.0.1:",
  "2/5",
  "no secret in it",
  "3/5",
  "the connection broke off",
  "went on after 4.80 MB",
  "4/5",
  "is gone",
  ".keep.part",
  "5/5",
  "that the other one had",
  "the same SHA-256",
  "(1 start)",
];

function expectStory(screen: string): void {
  const shown = screen.replace(/\s+/g, " "); // lines are wrapped
  let at = 0;
  for (const part of STORY) {
    const found = shown.indexOf(part, at);
    expect(found, `${part} in ${shown}`).toBeGreaterThanOrEqual(at);
    at = found;
  }
  const [theirs, ours] = [...shown.matchAll(/(?:vendor|here) ([\da-f]{32}) ([\da-f]{32})/g)].map(
    ([, head = "", tail = ""]) => head + tail,
  );
  expect(theirs).toMatch(/^[\da-f]{64}$/);
  expect(ours).toBe(theirs);
}

let log: Promise<string> | undefined;

/** What the demo writes where there is no terminal: it takes its time, so that it is run once. */
function demoLog(): Promise<string> {
  log ??= runInLog();
  return log;
}

async function runInLog(): Promise<string> {
  const world = await testWorld();
  const { tmp, env } = poorEnv(world);
  const begin = performance.now();
  const { code, stdout, stderr } = await world.start(["demo"], { env }).ended;
  expect([code, stderr]).toEqual([0, ""]);
  expect(performance.now() - begin).toBeLessThan(20_000);
  expect(readdirSync(tmp)).toEqual([]);
  expect(readdirSync(join(world.folder, "project"))).toEqual(["node_modules"]);
  return stdout;
}

it("tells its story in a log, without a home, and leaves nothing behind", async () => {
  const stdout = await demoLog();
  expect(stripVTControlCharacters(stdout)).toBe(stdout);
  expectStory(stdout);
  expect(stdout.match(/^ {4}downloading/gm)).toHaveLength(3); // a line a bar, and not one for each step
});

it("tells its story on a terminal of 60 columns, in colour and with bars that move", async () => {
  const world = await testWorld();
  const { tmp, env } = poorEnv(world);
  const { code, screen } = await onTerminal(world, ["demo"], env, 60).ended;
  expect(code).toBe(0);
  expect(screen).toContain("\u001B[32m");
  expect(screen).toContain("\u001B[2K");
  const shown = stripVTControlCharacters(screen);
  expectStory(shown);
  expect(new Set(shown.match(/downloading {2}█*░* +\d+ %/g)).size).toBeGreaterThan(8);
  expect(Math.max(...shown.split(/[\r\n]+/).map((line) => line.length))).toBeLessThan(60);
  expect(readdirSync(tmp)).toEqual([]);
});

it("Ctrl-C ends it, its process and its folder", async () => {
  const world = await testWorld();
  const { tmp, env } = poorEnv(world);
  const { pty, ended, shows } = onTerminal(world, ["demo"], env);
  await shows(/kill -9 \d+\s/);
  pty.write("\u0003");
  const { code, screen } = await ended;
  expect(code).toBe(130);
  const pid = Number(/kill -9 (\d+)/.exec(stripVTControlCharacters(screen))?.[1]);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(readdirSync(tmp)).toEqual([]);
  expect(screen).not.toContain("    at "); // no stack
});

it("says what to do where no temporary file can be written", async () => {
  const world = await testWorld();
  const tmp = join(world.folder, "file/tmp");
  writeFileSync(join(world.folder, "file"), "");
  const { code, stderr } = await world.start(["demo"], { env: { TMPDIR: tmp } }).ended;
  expect([code, stderr]).toEqual([
    6,
    `outhaul: cannot make a folder in ${tmp}: not a directory (ENOTDIR); set TMPDIR to a folder that can be written\n`,
  ]);
});

it("the code that it shows does what it says", async () => {
  const world = await testWorld({ jobs: { polls: 1, sizeBytes: 20_000 } });
  const lines = [...(await demoLog()).matchAll(/^ {2}│ (.*)$/gm)].map(([, line = ""]) => line);
  // The first block of code goes up to the kill, the second one is the other process.
  const [first = [], second = []] = lines
    .join("\n")
    .split(/^\$ .*$/m)
    .map((block) => block.trim().split("\n"))
    .filter(([line]) => line !== "");
  const name = /@outhaul\/([\w-]+)/.exec(first.join("\n"))?.[1] ?? "";
  const options = `const options = ${JSON.stringify(world.sandbox.vendors[name]?.clientOptions)};`;
  const run = async (program: readonly string[]) => {
    const file = join(world.folder, "project/program.mjs");
    writeFileSync(file, program.join("\n"));
    // Not in this thread: the sandbox answers here.
    return promisify(execFile)(process.execPath, [file], { cwd: join(world.folder, "project") });
  };
  const exports = join(world.folder, "project/exports");
  const started = await run([options, ...first, "console.log(token);"]);
  expect(readdirSync(exports)).toHaveLength(1);
  rmSync(exports, { recursive: true });
  const token = `const token = ${JSON.stringify(started.stdout.trim())};`;
  await run([options, ...first.slice(0, 2), token, ...second]);
  expect(readdirSync(exports)).toHaveLength(1);
});
