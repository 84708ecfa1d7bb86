import { spawn } from "node:child_process";

export interface Finding {
  readonly what: string;
  /** What is wrong; absent when nothing is. */
  readonly problem?: string;
}

/** Runs a program to its end. @returns what it said, when it failed */
export function problemOf(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? undefined : said || `exit code ${code}`));
  });
}

/** Prints the findings that are wrong. @returns how many they are */
export function printFailures(findings: readonly Finding[]): number {
  const failures = findings.filter(({ problem }) => problem !== undefined);
  for (const { what, problem = "" } of failures)
    console.log(`  FAILED ${what}\n${problem.trim().replace(/^/gm, "    ")}`);
  return failures.length;
}
