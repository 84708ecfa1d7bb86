import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { environmentOf, type Listening, type ListenOptions, listen } from "@outhaul/sandbox/node";
import { onTestFinished } from "vitest";
import { runProgram } from "../program.js";
import type { Io } from "../terminal/io.js";

/** The folder of the repository. */
export const root = fileURLToPath(new URL("../../../../", import.meta.url));
const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** The flags of a complete request of Ongage's contact export. */
export const contacts = [
  ...["ongage", "exportContacts", "--name", "Active", "--segment-id", "77197", "--segment-id", "5"],
  ...["--status", "active", "--date-format", "dd/mm/yyyy", "--file-format", "csv", "--poll-interval", "20ms"],
];

/** The output and the exit code of a process. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process of the program. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The output so far, of both streams. */
  output(): string;
  /** Waits for a text on either stream. */
  printed(text: string | RegExp): Promise<void>;
}

/** The environment, the input and the folder of a process. */
export interface StartOptions {
  readonly env?: Record<string, string | undefined>;
  readonly input?: string;
  readonly cwd?: string;
}

/** A user's machine with the vendor packages installed, and a sandbox that its environment leads to. */
export interface World {
  readonly folder: string;
  readonly sandbox: Listening;
  readonly env: Record<string, string>;
  /** Starts the program as a process, as it was built. */
  start(args: readonly string[], options?: StartOptions): Running;
  /** Runs the program to its end, inside the process of the tests. */
  run(args: readonly string[], options?: StartOptions): Promise<Ended>;
  /** The text of every file below the folder, by path. */
  files(): Map<string, string>;
}

/**
 * Creates a world that ends with its test.
 * @param whenFinished that of the test's context, where tests run side by side
 */
export async function testWorld(
  options: ListenOptions = { jobs: { polls: 1, sizeBytes: 20_000 } },
  whenFinished = onTestFinished,
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "outhaul-cli-"));
  mkdirSync(join(folder, "project"));
  symlinkSync(join(root, "node_modules"), join(folder, "project/node_modules"));
  const sandbox = await listen(options);
  const children = new Set<ChildProcess>();
  whenFinished(async () => {
    for (const child of children) child.kill("SIGKILL");
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    XDG_STATE_HOME: join(folder, "state"),
    XDG_CONFIG_HOME: join(folder, "config"),
    ...Object.assign({}, ...Object.values(sandbox.vendors).map(environmentOf)),
  };
  const start: World["start"] = (args, { env: more, input = "", cwd = join(folder, "project") } = {}) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...env, ...more } });
    children.add(child);
    child.on("close", () => children.delete(child));
    child.stdin.on("error", () => {}); // the program may not read it
    child.stdin.end(input);
    return observe(child);
  };
  return {
    folder,
    sandbox,
    env,
    start,
    run: (args, { env: more, input = "", cwd = join(folder, "project") } = {}) =>
      runInside(args, { env: { ...env, ...more }, cwd, stdin: input }),
    files: () => readTree(folder),
  };
}

/** Runs the program in this process, in the repository's folder and with an empty environment. */
export const runHere = (args: readonly string[]): Promise<Ended> =>
  runInside(args, { env: {}, cwd: root, stdin: "" });

/** Runs the program in this process: a process of its own takes longer to start than most commands take. */
async function runInside(
  args: readonly string[],
  { stdin, ...surroundings }: Pick<Io, "env" | "cwd"> & { stdin: string },
): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof texts) =>
    new PassThrough().setEncoding("utf8").on("data", (chunk: string) => {
      texts[name] += chunk;
    }) as unknown as NodeJS.WriteStream; // the program only writes to it
  const input = Readable.from(stdin === "" ? [] : [Buffer.from(stdin)]) as unknown as NodeJS.ReadStream; // the program only reads it
  const streams = { stdin: input, stdout: stream("stdout"), stderr: stream("stderr") };
  const code = await runProgram(args, { ...surroundings, ...streams });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...texts };
}

function observe(child: ReturnType<typeof spawn>): Running {
  const texts = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
      for (const listener of listeners) listener();
    });
  const output = () => texts.stdout + texts.stderr;
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, ...texts }));
  });
  const printed = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (output().match(text)) resolve();
      };
      listeners.add(check);
      check();
      void ended.then(() => reject(new Error(`it ended without printing ${text}: ${output()}`)));
    });
  return { child, ended, printed, output };
}

function readTree(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === "node_modules") continue;
    if (statSync(path).isDirectory()) for (const [inner, text] of readTree(path)) files.set(inner, text);
    else files.set(path, readFileSync(path, "latin1"));
  }
  return files;
}
