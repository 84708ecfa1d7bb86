import type { Package } from "./packages.js";

/** A bump, as changesets plans it. */
export interface PlannedRelease {
  readonly name: string;
  readonly type: "major" | "minor" | "patch" | "none";
  readonly oldVersion: string;
  readonly newVersion: string;
}

/** A package that has to be bumped higher than planned. */
export interface Follower {
  readonly name: string;
  readonly type: "major" | "minor";
  /** What it follows. */
  readonly leader: PlannedRelease;
}

/**
 * The packages that depend on one that breaks its users, and are not planned to say so. Vendor packages export names of the shared one: what breaks there breaks
 * here, but changesets bumps a dependent whose range is left behind by a patch only, and `^0.1.0` of a user takes every patch.
 */
export function followers(packages: readonly Package[], releases: readonly PlannedRelease[]): Follower[] {
  return packages.flatMap(({ name, version, dependencies }) => {
    const leader = releases.find((release) => release.name in dependencies && isBreaking(release));
    const own = releases.find((release) => release.name === name);
    if (!leader || (own && isBreaking(own))) return [];
    return [{ name, type: version.startsWith("0.") ? ("minor" as const) : ("major" as const), leader }];
  });
}

/** Whether a caret range of the old version leaves the new one out. Nobody has a version of a package that was never released. */
function isBreaking({ type, oldVersion }: PlannedRelease): boolean {
  if (oldVersion === "0.0.0") return false;
  return type === "major" || (type === "minor" && oldVersion.startsWith("0."));
}
