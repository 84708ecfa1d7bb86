import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "../../config/repository.js";
import { digestsOf, type Page } from "../page/page.js";
import type { LockedPage } from "./lock.js";

/** The texts of pages as they were accepted, which are not committed. */
export interface TextCache {
  /** Reads the text of the locked version. Undefined if it is not cached. */
  get(url: string, locked: LockedPage): Promise<Page | undefined>;
  put(url: string, page: Page): Promise<void>;
}

/** Opens the cache in the folder that the configuration names. */
export function textCache({ root, config }: Repository): TextCache {
  const folder = join(root, config.docsCache);
  const fileOf = (url: string): string =>
    join(folder, `${createHash("sha256").update(url).digest("hex").slice(0, 32)}.json`);
  return {
    async get(url, locked) {
      try {
        const page: Page = JSON.parse(await readFile(fileOf(url), "utf8"));
        return digestsOf(page).words === locked.words ? page : undefined;
      } catch {
        return undefined; // a cache may be missing or damaged
      }
    },
    async put(url, page) {
      await mkdir(folder, { recursive: true });
      await writeFile(fileOf(url), JSON.stringify({ url, sections: page.sections }));
    },
  };
}
