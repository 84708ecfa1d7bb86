import { spawnSync } from "node:child_process";
import { root } from "../vendors.js";
import type { Package } from "./packages.js";

/** Whether a version is on the registry. @throws when the registry cannot be asked: what is not known is not published again */
export function isPublished({ name, version }: Package): boolean {
  const { status, stdout, stderr } = npm(
    "view",
    `${name}@${version}`,
    "version",
    "--json",
    "--prefer-online",
  );
  if (status === 0) return stdout.trim() !== ""; // npm says nothing, and no error, where the package is known and the version is not
  if (/\bE404\b/.test(stdout + stderr)) return false;
  throw new Error(`npm could not ask the registry for ${name}@${version}:\n${stderr.trim()}`);
}

/** Publishes a tarball as it is. @throws with npm's words when the registry refuses it */
export function publish(tarball: string, { tag, provenance }: { tag: string; provenance: boolean }): void {
  // `./` and an absolute path are files to npm; `owner/name` would be a repository.
  const { status, stderr } = npm("publish", tarball, `--tag=${tag}`, `--provenance=${provenance}`);
  if (status !== 0) throw new Error(stderr.trim());
}

function npm(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync("npm", [...args, "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
}
