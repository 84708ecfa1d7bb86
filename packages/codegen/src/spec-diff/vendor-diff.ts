import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkSpec } from "../check/check.js";
import type { Repository } from "../config/repository.js";
import { load } from "../load/load.js";
import { type Bump, type Change, highest } from "./changes/change.js";
import { specChanges } from "./changes/spec-changes.js";
import type { SpecVersion } from "./changes/workflow-changes.js";
import { isOutputDifferent } from "./package-output.js";
import { type Base, compareVersions, releaseBase } from "./release-base.js";

/** The changes of a vendor's spec since a release or another revision. */
export interface VendorDiff {
  readonly vendor: string;
  /** The revision that it is compared with. Absent if there is none. */
  readonly base?: string;
  /** A remark for the report, such as why there is nothing to compare with. */
  readonly note?: string;
  /** True if there is no release to compare with, so that no changeset is needed. */
  readonly isUnreleased: boolean;
  /** The highest bump of the changes, whatever the version is. */
  readonly bump: Bump;
  /** The bump of the release, by the rules of npm's caret: before 1.0.0 it is one lower. */
  readonly release: Bump;
  /** The bump between the base and the version in package.json. */
  readonly versioned: Bump;
  readonly changes: readonly Change[];
}

/**
 * Compares a vendor's spec with that of its last release, or of a revision.
 * @throws {Error} if the spec has mistakes, or there is no such revision
 */
export async function vendorDiff(
  repository: Repository,
  vendor: string,
  revision?: string,
): Promise<VendorDiff> {
  const now = await readNow(repository, vendor);
  const base = await releaseBase(repository, vendor, revision);
  switch (base.kind) {
    case "unknown":
      return { ...unreleased(vendor), note: `nothing to compare with: ${base.why}` };
    case "unreleased":
      return { ...unreleased(vendor), note: "not released yet: no changeset is needed" };
    case "new":
      return {
        ...unreleased(vendor),
        isUnreleased: false,
        base: base.revision,
        bump: "minor",
        release: "minor",
        note: "new vendor: minor",
      };
    case "version":
      return await diffSince(repository, vendor, base, now);
  }
}

function unreleased(vendor: string): VendorDiff {
  return { vendor, bump: "none", release: "none", versioned: "none", changes: [], isUnreleased: true };
}

async function diffSince(
  repository: Repository,
  vendor: string,
  base: Extract<Base, { kind: "version" }>,
  now: SpecVersion,
): Promise<VendorDiff> {
  const { root, packageFolder } = repository;
  const found = (await specChanges(vendor, base.spec, now)).filter(({ bump }) => bump !== "none");
  // What the spec does not explain, a newer generator or a licence has changed.
  const isRegenerated = found.length === 0 && (await isOutputDifferent(repository, vendor, base.revision));
  const changes: readonly Change[] = isRegenerated
    ? [{ bump: "patch", text: "The code is generated anew, from the same spec" }]
    : found;
  const bump = highest(changes.map((change) => change.bump));
  const manifest = await readFile(join(root, packageFolder(vendor), "package.json"), "utf8").catch(
    () => "{}",
  );
  const { version } = JSON.parse(manifest);
  return {
    vendor,
    base: base.revision,
    isUnreleased: false,
    bump,
    release: releaseBump(bump, base.packageVersion),
    versioned: bumpBetween(base.packageVersion, typeof version === "string" ? version : base.packageVersion),
    changes,
  };
}

/**
 * The bump of a release. `^1.2.3` accepts minor versions, `^0.2.3` only patches: before 1.0.0 a breaking change is a minor version, and an addition is a patch.
 * No change leads to 1.0.0: that is a decision.
 */
export function releaseBump(bump: Bump, version: string): Bump {
  if (!version.startsWith("0.")) return bump;
  return bump === "major" ? "minor" : bump === "minor" ? "patch" : bump;
}

/** The bump between two versions. */
export function bumpBetween(before: string, after: string): Bump {
  if (compareVersions(before, after) >= 0) return "none";
  const [one, other] = [before.split("."), after.split(".")];
  return one[0] !== other[0] ? "major" : one[1] !== other[1] ? "minor" : "patch";
}

async function readNow(repository: Repository, vendor: string): Promise<SpecVersion> {
  const loaded = await load(repository, vendor);
  const { spec, diagnostics } = loaded.spec ? checkSpec(loaded.spec) : { ...loaded, spec: undefined };
  if (spec) return { openapi: spec.document, arazzo: spec.arazzo };
  const [problem] = diagnostics;
  throw new Error(
    `${problem?.file ?? repository.specFolder(vendor)}:${problem?.line ?? 1} ${problem?.message ?? "there is no spec"}; ${repository.command("generate", vendor)} tells all mistakes`,
  );
}
