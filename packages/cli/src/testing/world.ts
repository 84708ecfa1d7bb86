import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { type Listening, type ListenOptions, listen } from "@outhaul/sandbox/node";
import { onTestFinished } from "vitest";
import { runProgram } from "../program.js";

export const root = fileURLToPath(new URL("../../../../", import.meta.url));
const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** For the tests: what a process said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** For the tests: a process of the program. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has said so far. */
  heard(): string;
  /** Waits until it has said this, on either stream. */
  said(text: string | RegExp): Promise<void>;
}

/** For the tests: a user's machine with the vendor packages installed, and a sandbox that the environment leads to. */
export interface World {
  readonly folder: string;
  readonly sandbox: Listening;
  readonly env: Record<string, string>;
  /** The program's arguments that make each example of a vendor's workflow. */
  start(
    args: readonly string[],
    more?: { env?: Record<string, string | undefined>; input?: string; cwd?: string },
  ): Running;
  run(args: readonly string[], more?: Parameters<World["start"]>[1]): Promise<Ended>;
  /** Every file below the folder, and its text. */
  files(): Map<string, string>;
}

/** It ends with its test. */
export async function testWorld(
  options: ListenOptions = { jobs: { polls: 1, sizeBytes: 20_000 } },
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "outhaul-cli-"));
  mkdirSync(join(folder, "project"));
  symlinkSync(join(root, "node_modules"), join(folder, "project/node_modules"));
  const sandbox = await listen(options);
  const children = new Set<ChildProcess>();
  onTestFinished(async () => {
    for (const child of children) child.kill("SIGKILL");
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    XDG_STATE_HOME: join(folder, "state"),
    XDG_CONFIG_HOME: join(folder, "config"),
    ...vendorEnv(sandbox),
  };
  const start: World["start"] = (
    args,
    { env: more = {}, input = "", cwd = join(folder, "project") } = {},
  ) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...env, ...more } });
    children.add(child);
    let stdout = "";
    let stderr = "";
    const hearers = new Set<() => void>();
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      for (const hear of hearers) hear();
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      for (const hear of hearers) hear();
    });
    child.stdin.on("error", () => {}); // it may not read
    child.stdin.end(input);
    const ended = new Promise<Ended>((resolve) => {
      child.on("close", (code) => {
        children.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    const said = (text: string | RegExp) =>
      new Promise<void>((resolve, reject) => {
        const hear = () => {
          if ((stdout + stderr).match(text)) resolve();
        };
        hearers.add(hear);
        hear();
        void ended.then(() => reject(new Error(`it ended without saying ${text}: ${stdout}${stderr}`)));
      });
    return { child, ended, said, heard: () => stdout + stderr };
  };
  return {
    ...{ folder, sandbox, env, start },
    run: (args, more) => start(args, more).ended,
    files: () => readAll(folder),
  };
}

/** For the tests: what the program says to arguments, without a process of its own. */
export async function runHere(args: readonly string[]): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof texts) =>
    new PassThrough().setEncoding("utf8").on("data", (chunk: string) => {
      texts[name] += chunk;
    }) as unknown as NodeJS.WriteStream; // as far as texts need one
  const streams = { stdin: process.stdin, stdout: stream("stdout"), stderr: stream("stderr") };
  const code = await runProgram(args, { env: {}, cwd: root, ...streams });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...texts };
}

/** The environment that leads to a sandbox, as `outhaul sandbox` prints it. */
function vendorEnv({ vendors }: Listening): Record<string, string> {
  const pairs = Object.values(vendors).flatMap(({ name, clientOptions }) =>
    Object.entries(clientOptions).map(([option, value]): [string, string] => [
      `OUTHAUL_${name}_${option.replace(/([a-z])([A-Z])/g, "$1_$2")}`.toUpperCase(),
      value,
    ]),
  );
  return Object.fromEntries(pairs);
}

function readAll(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === "node_modules") continue;
    if (statSync(path).isDirectory()) for (const [inner, text] of readAll(path)) found.set(inner, text);
    else found.set(path, readFileSync(path, "latin1"));
  }
  return found;
}

/** A complete request of Ongage's contact export, as flags. */
export const contacts = [
  ...["ongage", "exportContacts", "--name", "Active", "--segment-id", "77197", "--segment-id", "5"],
  ...["--status", "active", "--date-format", "dd/mm/yyyy", "--file-format", "csv", "--poll-interval", "20ms"],
];
