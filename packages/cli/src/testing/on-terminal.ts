import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { onTestFinished } from "vitest";
import { root, type World } from "./world.js";

/** Runs the program on a pseudo-terminal, which ends with its test. */
export function onTerminal(
  world: Pick<World, "folder"> & { readonly env: Readonly<Record<string, string | undefined>> },
  args: readonly string[],
  env: Record<string, string | undefined> = {},
  columns = 80,
) {
  const program = join(root, "packages/cli/dist/main.js");
  const pty = spawn(process.execPath, [program, ...args], {
    name: "xterm-256color",
    cols: columns,
    rows: 20,
    cwd: join(world.folder, "project"),
    env: Object.fromEntries(
      Object.entries({ ...world.env, ...env }).filter(([, value]) => value !== undefined),
    ),
  });
  let screen = "";
  const listeners = new Set<() => void>();
  pty.onData((text) => {
    screen += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<{ code: number; screen: string }>((resolve) => {
    pty.onExit(({ exitCode }) => resolve({ code: exitCode, screen }));
  });
  const shows = (text: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (text.test(stripVTControlCharacters(screen))) resolve();
      };
      listeners.add(check);
      check();
      void ended.then(() => reject(new Error(`never showed ${text}: ${screen}`)));
    });
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  onTestFinished(() => {
    if (!isOver) pty.kill("SIGKILL");
  });
  return { pty, ended, shows };
}
