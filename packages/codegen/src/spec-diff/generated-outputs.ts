import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Repository } from "../config/repository.js";
import { type Bump, highest, listed } from "./changes/change.js";
import { filesAt, lastRelease, textAt } from "./release-base.js";
import { bumpBetween, releaseBump } from "./vendor-diff.js";

/** What is different since the last release in what `generate` writes into a package that is no vendor's own. */
export interface OutputDiff {
  readonly packageName: string;
  /** The name of its folder. */
  readonly folder: string;
  readonly base: string;
  /** The bump of the release, by the rules of npm's caret. */
  readonly release: Bump;
  /** The bump between the base and the version in package.json. */
  readonly versioned: Bump;
  readonly sentences: readonly string[];
}

interface Owner {
  readonly folder: string;
  readonly packageName: string;
  readonly version: string;
}

/** Compares what is generated into the packages of the sandbox's data and of the list of vendors. A package that is private, or has no release, has no entry. */
export async function outputDiffs(repository: Repository): Promise<OutputDiff[]> {
  const { sandboxData, vendorList } = repository.config;
  const sentences = new Map<string, { owner: Owner; base: string; found: [Bump, string][] }>();
  for (const [path, compare] of [
    [sandboxData, dataChanges],
    [vendorList, listChangesOf],
  ] as const) {
    const owner = path === undefined ? undefined : await ownerOf(repository, path);
    const base = owner && (await lastRelease(repository, owner.packageName));
    if (path === undefined || !owner || base === undefined) continue;
    const entry = sentences.get(owner.packageName) ?? { owner, base, found: [] };
    entry.found.push(...(await compare(repository, base, path)));
    sentences.set(owner.packageName, entry);
  }
  return [...sentences.values()].map(({ owner, base, found }) => {
    const before = base.slice(base.lastIndexOf("@") + 1);
    return {
      packageName: owner.packageName,
      folder: owner.folder.slice(owner.folder.lastIndexOf("/") + 1),
      base,
      release: releaseBump(highest(found.map(([bump]) => bump)), before),
      versioned: bumpBetween(before, owner.version),
      sentences: found.map(([, sentence]) => sentence),
    };
  });
}

/** The package that a path is in. */
async function ownerOf({ root }: Repository, path: string): Promise<Owner | undefined> {
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const file = join(root, folder, "package.json");
    if (!existsSync(file)) continue;
    const { name, version, private: isPrivate } = JSON.parse(await readFile(file, "utf8"));
    return isPrivate || name === undefined ? undefined : { folder, packageName: name, version };
  }
  return undefined;
}

async function dataChanges(repository: Repository, base: string, folder: string): Promise<[Bump, string][]> {
  const { root } = repository;
  const vendorsIn = (files: readonly string[]): string[] =>
    files.flatMap((file) => /([^/]+)\.json$/.exec(file)?.[1] ?? []).sort();
  const before = vendorsIn(await filesAt(root, base, folder));
  const after = vendorsIn(await readdir(join(root, folder)).catch(() => []));
  const changed: string[] = [];
  for (const vendor of after.filter((one) => before.includes(one))) {
    const file = `${folder}/${vendor}.json`;
    const [old, now] = [await textAt(root, base, file), await readFile(join(root, file), "utf8")];
    if (seen(old ?? "{}") !== seen(now)) changed.push(vendor);
  }
  return compared(before, after, {
    added: (vendors) => `The sandbox plays ${vendors}, too`,
    removed: (vendors) => `The sandbox does not play ${vendors} any more`,
    changed: (vendors) => `The sandbox plays ${vendors} as the spec describes the vendor now`,
    changedVendors: changed,
  });
}

/** What can be noticed of a vendor's data: not where it is documented, nor in which words. */
function seen(text: string): string {
  return JSON.stringify(JSON.parse(text), (key, value) =>
    /^(x-docs|description|summary)$/.test(key) && (typeof value === "string" || Array.isArray(value))
      ? undefined
      : value,
  );
}

async function listChangesOf({ root }: Repository, base: string, file: string): Promise<[Bump, string][]> {
  const namesIn = (text: string): string[] =>
    [...text.matchAll(/"([a-z0-9-]+)"/g)].map(([, name = ""]) => name);
  const before = namesIn((await textAt(root, base, file)) ?? "");
  const after = namesIn(await readFile(join(root, file), "utf8").catch(() => ""));
  return compared(before, after, {
    added: (vendors) => `${vendors} ${vendors.includes(" and ") ? "are" : "is"} known`,
    removed: (vendors) => `${vendors} ${vendors.includes(" and ") ? "are" : "is"} not known any more`,
  });
}

interface Sentences {
  added(vendors: string): string;
  removed(vendors: string): string;
  changed?(vendors: string): string;
  readonly changedVendors?: readonly string[];
}

function compared(
  before: readonly string[],
  after: readonly string[],
  { added, removed, changed, changedVendors = [] }: Sentences,
): [Bump, string][] {
  const parts: [Bump, string[], ((vendors: string) => string) | undefined][] = [
    ["minor", after.filter((vendor) => !before.includes(vendor)), added],
    ["major", before.filter((vendor) => !after.includes(vendor)), removed],
    ["patch", [...changedVendors], changed],
  ];
  return parts.flatMap(([bump, vendors, say]): [Bump, string][] =>
    vendors.length > 0 && say ? [[bump, say(listed(vendors))]] : [],
  );
}

/** Names a package in a message. */
export function nameOf({ packageName, base }: OutputDiff): string {
  return `${packageName}: what is generated into it changed since ${base}`;
}
