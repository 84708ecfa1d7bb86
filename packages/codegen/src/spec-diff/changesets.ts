import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import type { Repository } from "../config/repository.js";
import { type Bump, bumps, highest, sentenceOf } from "./changes/change.js";
import type { OutputDiff } from "./generated-outputs.js";
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
  // A vendor without a release may have the changeset that new-vendor wrote.
  if (diff.isUnreleased) return "none";
  return await renew(
    join(root, changesetFile(diff.vendor)),
    diff.release === "none" ? undefined : changesetText(packageName(diff.vendor), diff),
  );
}

function changesetText(name: string, { release, changes }: VendorDiff): string {
  const head = `---\n"${name}": ${release}\n---\n\n`;
  if (changes.length === 0) return `${head}The first version.\n`;
  const told = changes.filter(({ isQuiet }) => !isQuiet);
  if (told.length === 0) return `${head}Comments of the types read otherwise; nothing else is different.\n`;
  const lines = (major: boolean): string[] =>
    told.filter(({ bump }) => (bump === "major") === major).map((change) => `- ${sentenceOf(change)}.`);
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

/** Writes the changeset of a vendor's first version, in a repository that has changesets. @returns its file */
export async function writeFirstChangeset(
  { root, packageName }: Repository,
  vendor: string,
): Promise<string | undefined> {
  if (!existsSync(join(root, ".changeset/config.json"))) return undefined;
  const file = changesetFile(vendor);
  await writeFile(join(root, file), `---\n"${packageName(vendor)}": minor\n---\n\nThe first version.\n`);
  return file;
}

/** The file of the changeset that `regenerate` writes for a package with data of all vendors. */
export function outputChangesetFile({ folder }: OutputDiff): string {
  return `.changeset/generated-${folder}.md`;
}

/** Writes, renews or removes the changeset of a package with data of all vendors. @returns what was done */
export async function writeOutputChangeset(
  { root }: Repository,
  diff: OutputDiff,
): Promise<"written" | "same" | "removed" | "none"> {
  const lines = diff.sentences.map((sentence) => `- ${sentence}.\n`).join("");
  const text = `---\n"${diff.packageName}": ${diff.release}\n---\n\nWhat is different in the vendors' data:\n\n${lines}`;
  return await renew(join(root, outputChangesetFile(diff)), diff.release === "none" ? undefined : text);
}

/** Writes a file, or removes it where there is no text for it. */
async function renew(
  file: string,
  text: string | undefined,
): Promise<"written" | "same" | "removed" | "none"> {
  const old = await readFile(file, "utf8").catch(() => undefined);
  if (text === old) return text === undefined ? "none" : "same";
  if (text === undefined) {
    await rm(file);
    return "removed";
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return "written";
}

/** The highest bump of a package in the changesets of a repository. */
export async function changesetBump({ root }: Repository, packageName: string): Promise<Bump> {
  const folder = join(root, ".changeset");
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.endsWith(".md") && name !== "README.md",
  );
  const found: Bump[] = [];
  for (const name of names) {
    const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(await readFile(join(folder, name), "utf8"))?.[1];
    const value: unknown = head === undefined ? undefined : parse(head)?.[packageName];
    const bump = bumps.find((one) => one === value);
    if (bump !== undefined) found.push(bump);
  }
  return highest(found);
}
