import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readEntries } from "../api/entries.js";
import { environment, markInstalled } from "../install.mjs";
import { isLockfileStale } from "./lockfile.js";

/** Renews the lockfile, the links, the builds and the API reports of changed packages, as far as they need it. @returns what failed */
export function bringUpToDate(root: string, changed: readonly string[]): string | undefined {
  const steps: string[][] = [];
  const isRelinked = isLockfileStale(root);
  if (isRelinked) steps.push(["npm", "install", "--ignore-scripts", "--prefer-offline", "--loglevel=error"]);
  const reports = new Set(readEntries(root).map(({ file }) => file));
  const hasOrphans = readdirSync(`${root}api`).some((file) => !reports.has(file));
  if (changed.length > 0)
    steps.push([
      "npx",
      "--no",
      "turbo",
      "run",
      "build",
      "--output-logs=errors-only",
      ...changed.map((name) => `--filter=./packages/${name}`),
    ]);
  if (changed.length > 0 || hasOrphans)
    steps.push([
      process.execPath,
      "--import",
      "tsx/esm",
      "scripts/api/main.ts",
      ...(changed.length > 0 ? changed : ["--orphans"]),
    ]);
  for (const [command = "", ...args] of steps) {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: root,
      encoding: "utf8",
      env: environment,
      shell: process.platform === "win32" && command !== process.execPath,
    });
    if (status !== 0) return `${stdout}${stderr}\n${command} ${args.join(" ")} failed.`;
  }
  if (isRelinked) markInstalled();
  return undefined;
}
