import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readOutcome } from "../outcome.js";
import type { Case } from "./cases.js";
import type { Program } from "./programs.js";
import { content, type FileServer } from "./server.js";

/** Longer than any program pauses between its attempts. */
const PATIENCE_MS = 60_000;
/** How long a program may take to begin its file, in milliseconds, and to write what it has read. */
const BEGINNING_MS = 5000;
const WRITING_MS = 400;
const KEY = "s3cret";

/** Runs a program through a case. @returns what it came to, in a cell's words */
export async function runCase(one: Case, program: Program, server: FileServer): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "outhaul-peers-"));
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const route = server.route(`${program.name}-${one.what}`.replace(/\W+/g, "-"), one.answer);
  const { keyHeader, kill, fileBytes } = one;
  const header = keyHeader && `${keyHeader}: ${keyHeader === "authorization" ? "Bearer " : ""}${KEY}`;
  const url = route.link();
  const path = join(disk, "report.csv");
  const start = () => {
    const command = program.command({ url, path, header });
    return run(fileBytes === undefined ? command : withLimit(command, fileBytes));
  };
  try {
    const child = start();
    let ending = await Promise.race([endOf(child), kill ? route.held.then(() => "held" as const) : never()]);
    if (ending === "held") {
      await untilWritten(disk);
      await stop(child);
      ending = kill === "and run again" ? await endOf(start()) : "error";
    }
    const isRight = (bytes: Buffer) => bytes.equals(content.v1) || bytes.equals(content.v2);
    const outcome = readOutcome(ending, disk, isRight);
    if (outcome === "file" && keyHeader)
      return route.sentElsewhere.some((line) => line.includes(KEY)) ? "**key**" : words.file;
    return words[outcome];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The words of the table; its page says what they mean. */
const words = {
  file: "file",
  wrong: "**wrong**",
  half: "**half**",
  whole: "error",
  none: "none",
  waiting: "**waits**",
};

/** The same command, to which the system refuses to write more of a file, as a full disk does. It takes no rights, unlike a small disk. */
function withLimit(command: readonly string[], bytes: number): string[] {
  return ["sh", "-c", `trap "" XFSZ; ulimit -f ${Math.floor(bytes / 512)}; exec "$@"`, "sh", ...command];
}

function run([program = "", ...args]: readonly string[]): ChildProcess {
  // The settings of this machine, such as a proxy, are no part of the measure.
  const { PATH, HOME = "" } = process.env;
  return spawn(program, args, { stdio: "ignore", env: { PATH, HOME } });
}

async function endOf(child: ChildProcess): Promise<"well" | "error" | "waiting"> {
  const ended = once(child, "exit").then(([code]) => (code === 0 ? ("well" as const) : ("error" as const)));
  const ending = await Promise.race([ended, setTimeout(PATIENCE_MS, "waiting" as const, { ref: false })]);
  if (ending === "waiting") await stop(child);
  return ending;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Waits until the program has begun a file, and a while for what it has read. */
async function untilWritten(folder: string): Promise<void> {
  const until = Date.now() + BEGINNING_MS;
  while (Date.now() < until && !readdirSync(folder).length) await setTimeout(20);
  await setTimeout(WRITING_MS);
}

function never(): Promise<never> {
  return new Promise(() => {});
}
