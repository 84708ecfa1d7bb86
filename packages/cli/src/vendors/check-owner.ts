import { realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../errors/command-error.js";
import type { PackagePlace } from "./package-place.js";

/**
 * Refuses a package that somebody else can change: one that is world-writable, or whose owner is neither this user, nor root, nor the owner of this program,
 * whose code runs already.
 * @throws {UsageError} with the path and what to do
 */
export function checkOwner({ folder, base, origin }: PackagePlace): void {
  if (process.platform === "win32" || !process.geteuid) return; // it has no such modes
  const owners = new Set([process.geteuid(), 0, statSync(fileURLToPath(import.meta.url)).uid]);
  const real = realpathSync(folder);
  const paths = [real, join(real, "package.json"), join(folder, ".."), join(base, "node_modules")];
  // Whoever can change the project's package.json can declare a package there.
  if (origin === "project") paths.push(base);
  for (const path of paths) {
    const { mode, uid } = statSync(path);
    if (mode & 0o002)
      throw new UsageError(`${folder} is not used, because anybody can write to ${path}: chmod o-w ${path}`);
    if (!owners.has(uid))
      throw new UsageError(
        `${folder} is not used, because ${path} belongs to another user (${uid}): install it as yourself`,
      );
  }
}
