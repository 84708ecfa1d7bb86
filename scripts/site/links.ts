import { existsSync, statSync } from "node:fs";
import { posix } from "node:path";

/** Where links of pages lead. */
export interface LinkMap {
  /** The folder of the repository, with a slash at its end. */
  readonly root: string;
  /** The address of the repository, for what is no page of the site. */
  readonly repository: string;
  /** The page that is made from a file or a folder of the repository. */
  readonly pageOf: ReadonlyMap<string, string>;
}

/** A page with its links changed, and those that lead nowhere. */
export interface LinkedPage {
  readonly text: string;
  readonly dead: readonly string[];
}

/**
 * Changes the links of a page: from files of the repository to pages of the site, and to the repository for all else.
 * @param source the file that the page is made from, from the root of the repository
 * @param page the page's own path in the site
 */
export function changeLinks(
  text: string,
  { source, page }: { readonly source: string; readonly page: string },
  { root, repository, pageOf }: LinkMap,
): LinkedPage {
  const dead: string[] = [];
  const changed = outsideCode(text, (prose) =>
    prose.replace(/\]\(([^)\s]+)\)/g, (link, target: string) => {
      if (/^(\w+:|#|\/)/.test(target)) return link;
      const [path = "", anchor] = target.split("#");
      const file = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, "");
      const found = pageOf.get(file);
      const hash = anchor === undefined ? "" : `#${anchor}`;
      if (found !== undefined) return `](${posix.relative(posix.dirname(page), found)}${hash})`;
      if (file.startsWith("..") || !existsSync(root + file)) {
        dead.push(target);
        return link;
      }
      const kind = statSync(root + file).isDirectory() ? "tree" : "blob";
      return `](${repository}/${kind}/main/${file}${hash})`;
    }),
  );
  return { text: changed, dead };
}

/** Changes the prose of a page, and leaves its code as it is. */
function outsideCode(text: string, change: (prose: string) => string): string {
  return text
    .split(/(^```[^\n]*\n[\s\S]*?^```|`[^`\n]+`)/gm)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join("");
}
