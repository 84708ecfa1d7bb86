import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkSpec } from "../check/check.js";
import type { Repository } from "../config/repository.js";
import { load } from "../load/load.js";
import { type Bump, type Change, highest } from "./changes/change.js";
import { specChanges } from "./changes/spec-changes.js";
import type { SpecVersion } from "./changes/workflow-changes.js";
import { compareVersions, releaseBase } from "./release-base.js";

/** What became of a vendor's spec since a release or another revision. */
export interface VendorDiff {
  readonly vendor: string;
  /** What it is compared with; absent when nothing is there to compare with. */
  readonly base?: string;
  /** Why there is nothing to compare with, or what else is to be said. */
  readonly note?: string;
  /** Whether there is no release to be measured by, so that no changeset is needed. */
  readonly isUnreleased: boolean;
  /** How grave the changes are to a user, whatever the version is. */
  readonly bump: Bump;
  /** The bump that makes npm's caret keep its promise; before 1.0.0 it is one lower. */
  readonly release: Bump;
  /** What the version in package.json is ahead of the base already. */
  readonly versioned: Bump;
  readonly changes: readonly Change[];
}

/**
 * Compares a vendor's spec with that of its last release, or of a revision.
 * @throws when the spec has mistakes, or there is no such revision
 */
export async function vendorDiff(
  repository: Repository,
  vendor: string,
  revision?: string,
): Promise<VendorDiff> {
  const now = await readNow(repository, vendor);
  const base = await releaseBase(repository, vendor, revision);
  const nothing = {
    vendor,
    bump: "none",
    release: "none",
    versioned: "none",
    changes: [],
    isUnreleased: true,
  } as const;
  switch (base.kind) {
    case "unknown":
      return { ...nothing, note: `nothing to compare with: ${base.why}` };
    case "unreleased":
      return { ...nothing, note: "not released yet: no changeset is needed" };
    case "new":
      return {
        ...nothing,
        isUnreleased: false,
        base: base.revision,
        bump: "minor",
        release: "minor",
        note: "new vendor: minor",
      };
    case "version": {
      const changes = (await specChanges(vendor, base.spec, now)).filter(({ bump }) => bump !== "none");
      const bump = highest(changes.map((change) => change.bump));
      const version = JSON.parse(
        await readFile(join(repository.root, repository.packageFolder(vendor), "package.json"), "utf8").catch(
          () => "{}",
        ),
      ).version;
      return {
        vendor,
        base: base.revision,
        isUnreleased: false,
        bump,
        release: releaseBump(bump, base.packageVersion),
        versioned: bumpBetween(
          base.packageVersion,
          typeof version === "string" ? version : base.packageVersion,
        ),
        changes,
      };
    }
  }
}

/**
 * The bump of a release. npm's caret lets `^1.2.3` take minor versions, but `^0.2.3` only patches: before 1.0.0 what breaks is a minor version, and what adds is a patch.
 * Going to 1.0.0 is a decision, not a consequence.
 */
export function releaseBump(bump: Bump, version: string): Bump {
  if (!version.startsWith("0.")) return bump;
  return bump === "major" ? "minor" : bump === "minor" ? "patch" : bump;
}

function bumpBetween(before: string, after: string): Bump {
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
