import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "../config/repository.js";
import { filesAt, textAt } from "./release-base.js";

/** True if the generated files of a vendor's package are others than at a revision, beside the versions in them. */
export async function isOutputDifferent(
  { root, packageFolder }: Repository,
  vendor: string,
  revision: string,
): Promise<boolean> {
  const folder = packageFolder(vendor);
  const published = (await filesAt(root, revision, folder)).filter((file) =>
    isPublished(file.slice(folder.length + 1)),
  );
  for (const file of published) {
    const [before, after] = await Promise.all([
      textAt(root, revision, file),
      readFile(join(root, file), "utf8").catch(() => undefined),
    ]);
    if (before === undefined || after === undefined || comparable(file, before) !== comparable(file, after))
      return true;
  }
  return false;
}

/** The files that are built into a package, or lie in it as they are. */
function isPublished(file: string): boolean {
  return (
    file === "package.json" ||
    file === "README.md" ||
    (file.startsWith("src/") && !file.endsWith("/README.md"))
  );
}

/** A text without what each release changes, without the days on which pages were read, and without the layout of JSON. */
function comparable(file: string, text: string): string {
  const content = file.endsWith(".json") ? JSON.stringify(JSON.parse(text)) : text;
  return content
    .replace(/\(read \d{4}-\d\d-\d\d\)|"read":"\d{4}-\d\d-\d\d"/g, "")
    .replace(/"[~^]?\d+\.\d+\.\d+(-[\w.-]+)?"/g, '"x.y.z"');
}
