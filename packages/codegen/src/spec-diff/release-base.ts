import { execFile } from "node:child_process";
import { parse } from "yaml";
import type { Repository } from "../config/repository.js";
import type { SpecVersion } from "./changes/workflow-changes.js";

/** The version that a vendor's spec is compared with. */
export type Base =
  | {
      readonly kind: "version";
      readonly revision: string;
      readonly spec: SpecVersion;
      readonly packageVersion: string;
    }
  /** The revision does not have the vendor. */
  | { readonly kind: "new"; readonly revision: string }
  /** The checkout has no tag of a release of the vendor. */
  | { readonly kind: "unreleased" }
  /** The checkout cannot tell if there was a release. */
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Reads the spec at a revision, or at the last release of the vendor's package: the highest tag `@scope/<vendor>@1.2.3` that the checkout descends from.
 * @throws {Error} if there is no such revision
 */
export async function releaseBase(repository: Repository, vendor: string, revision?: string): Promise<Base> {
  const { root } = repository;
  if ((await git(root, "rev-parse", "--git-dir")) === undefined)
    return { kind: "unknown", why: "this is no checkout of git" };
  if (revision !== undefined) {
    if ((await git(root, "rev-parse", "--verify", "--quiet", `${revision}^{commit}`)) === undefined)
      throw new Error(
        `There is no revision ${revision} here. In a shallow checkout: git fetch --unshallow --tags`,
      );
    return await baseAt(repository, vendor, revision);
  }
  const tag = await lastRelease(repository, repository.packageName(vendor));
  if (tag !== undefined) return await baseAt(repository, vendor, tag);
  if ((await git(root, "rev-parse", "--is-shallow-repository"))?.trim() === "true")
    return {
      kind: "unknown",
      why: "this checkout is shallow and has no tag of a release; git fetch --unshallow --tags",
    };
  return { kind: "unreleased" };
}

/** The highest tag of a package's releases that the checkout descends from. */
export async function lastRelease({ root }: Repository, packageName: string): Promise<string | undefined> {
  const prefix = `${packageName}@`;
  const tags = (await git(root, "tag", "--list", `${prefix}*`, "--merged", "HEAD"))?.split("\n") ?? [];
  const released = tags.filter((tag) => /^\d+\.\d+\.\d+$/.test(tag.slice(prefix.length)));
  return released.sort((a, b) => compareVersions(a.slice(prefix.length), b.slice(prefix.length))).at(-1);
}

async function baseAt(repository: Repository, vendor: string, revision: string): Promise<Base> {
  const { root, specFolder, packageFolder } = repository;
  const show = (file: string): Promise<string | undefined> => git(root, "show", `${revision}:${file}`);
  const [openapi, arazzo, manifest] = await Promise.all([
    show(`${specFolder(vendor)}/openapi.yaml`),
    show(`${specFolder(vendor)}/exports.arazzo.yaml`),
    show(`${packageFolder(vendor)}/package.json`),
  ]);
  if (openapi === undefined || arazzo === undefined) return { kind: "new", revision };
  const packageVersion: unknown = manifest === undefined ? undefined : JSON.parse(manifest).version;
  return {
    kind: "version",
    revision,
    spec: { openapi: parse(openapi), arazzo: parse(arazzo) },
    packageVersion: typeof packageVersion === "string" ? packageVersion : "0.0.0",
  };
}

/** The text of a file at a revision. Undefined if it was not there. */
export async function textAt(root: string, revision: string, file: string): Promise<string | undefined> {
  return await git(root, "show", `${revision}:${file}`);
}

/** The files in a folder at a revision, from the repository's root. */
export async function filesAt(root: string, revision: string, folder: string): Promise<string[]> {
  const text = (await git(root, "ls-tree", "-r", "-z", "--name-only", revision, "--", `${folder}/`)) ?? "";
  return text.split("\0").filter((file) => file !== "");
}

/** Compares two versions. @returns a negative number if the first is lower */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [a, b].map((version) => version.split(".").map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Runs git. @returns its output, undefined if it fails or is not installed */
function git(root: string, ...args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile("git", args, { cwd: root, maxBuffer: 50_000_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
