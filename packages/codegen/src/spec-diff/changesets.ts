import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Repository } from "../config/repository.js";
import { type Bump, bumps, highest, sentenceOf } from "./changes/change.js";
import type { VendorDiff } from "./vendor-diff.js";

/** The file of the changeset that `regenerate` writes for a vendor. It writes the same file each time. */
export function changesetFile(vendor: string): string {
  return `.changeset/spec-${vendor}.md`;
}

/** Writes, renews or removes a vendor's changeset. @returns what was done */
export async function writeChangeset(
  { root, packageName }: Repository,
  diff: VendorDiff,
): Promise<"written" | "same" | "removed" | "none"> {
  const file = join(root, changesetFile(diff.vendor));
  const old = await readFile(file, "utf8").catch(() => undefined);
  if (diff.release === "none" || diff.isUnreleased) {
    if (old === undefined) return "none";
    await rm(file);
    return "removed";
  }
  const text = changesetText(packageName(diff.vendor), diff);
  if (text === old) return "same";
  await mkdir(join(root, ".changeset"), { recursive: true });
  await writeFile(file, text);
  return "written";
}

function changesetText(name: string, { release, changes }: VendorDiff): string {
  const head = `---\n"${name}": ${release}\n---\n\n`;
  if (changes.length === 0) return `${head}The first version.\n`;
  const lines = (major: boolean): string[] =>
    changes.filter(({ bump }) => (bump === "major") === major).map((change) => `- ${sentenceOf(change)}.`);
  const [breaking, other] = [lines(true), lines(false)];
  const parts = [
    ...(breaking.length > 0 ? [`What programs may have to change for:\n\n${breaking.join("\n")}`] : []),
    ...(other.length > 0
      ? [
          `${breaking.length > 0 ? "What else is different" : "What is different"} in the vendor's API:\n\n${other.join("\n")}`,
        ]
      : []),
  ];
  return `${head}${parts.join("\n\n")}\n`;
}

/** The highest bump of a vendor's package in the changesets of a repository. */
export async function changesetBump({ root, packageName }: Repository, vendor: string): Promise<Bump> {
  const folder = join(root, ".changeset");
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.endsWith(".md") && name !== "README.md",
  );
  const found: Bump[] = [];
  for (const name of names) {
    const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(await readFile(join(folder, name), "utf8"))?.[1];
    const value: unknown = head === undefined ? undefined : parse(head)?.[packageName(vendor)];
    const bump = bumps.find((one) => one === value);
    if (bump !== undefined) found.push(bump);
  }
  return highest(found);
}
