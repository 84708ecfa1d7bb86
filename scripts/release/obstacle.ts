import { spawnSync } from "node:child_process";
import { root } from "../vendors.js";
import type { ReleaseOptions } from "./options.js";
import type { Package } from "./packages.js";

/** What stands in the way of a release, in one line; undefined when nothing does. */
export function obstacle(
  packages: readonly Package[],
  { tag, dryRun, provenance }: ReleaseOptions,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const snapshot = packages.find(({ version }) => version.includes("-"));
  if (snapshot && tag === "latest")
    return `${snapshot.name} ${snapshot.version} is a snapshot, which must not become "latest": name a dist-tag, as in --tag next.`;
  const final = packages.find(({ version }) => !version.includes("-"));
  if (final && tag !== "latest")
    return `${final.name} ${final.version} is no snapshot, so it goes to "latest": leave --tag away, or run npm run release:version -- --snapshot ${tag} first.`;
  if (dryRun) return undefined;
  if (provenance && env["ACTIONS_ID_TOKEN_REQUEST_URL"] === undefined)
    return "releases are published by the release workflow, which proves where a package was built; --no-provenance publishes from here, without that proof.";
  if (tag === "latest" && isDirty())
    return "the tree has changes that are not committed, and the release's tags name a commit: commit or stash them.";
  return undefined;
}

function isDirty(): boolean {
  return spawnSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" }).stdout.trim() !== "";
}
