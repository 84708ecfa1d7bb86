import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** What a program said, and how it ended. */
export interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

/** Runs a program to its end. */
export function run(
  command: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...withoutNpm(process.env), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = hear(child);
    child.on("error", ({ message }) => resolve({ code: null, said: message }));
    child.on("close", (code) => resolve({ code, said: said() }));
  });
}

/** Keeps what a program says. @returns what it has said so far */
export function hear({ stdout, stderr }: { stdout: Readable; stderr: Readable }): () => string {
  let said = "";
  for (const stream of [stdout, stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk;
    });
  return () => said;
}

/** @throws with what the program said, when it fails */
export async function succeed(
  command: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const { code, said } = await run(command, options);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${said}`);
  return said;
}

/** The npm that runs this has put its own settings into the environment. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^npm_/i.test(name) && !/^(ACTIONS_ID_TOKEN|GITHUB_|INIT_CWD)/.test(name),
    ),
  );
}
