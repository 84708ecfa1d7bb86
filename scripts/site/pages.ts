import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { openRepository } from "../../packages/codegen/src/config/repository.js";
import { readVendors, root } from "../vendors.js";
import { errorsPage } from "./errors-page.js";
import { changeLinks } from "./links.js";
import { includeSections } from "./sections.js";
import { anchorsOf, withoutCode } from "./slug.js";
import { vendorPage } from "./vendor-page.js";

/** The pages of the site: Markdown by path, and the links that lead nowhere. */
export interface SitePages {
  readonly pages: ReadonlyMap<string, string>;
  readonly dead: readonly string[];
}

/** READMEs that are pages, too. */
const REFERENCE: Readonly<Record<string, string>> = {
  "packages/cli": "reference/command-line.md",
  "packages/shared": "reference/shared.md",
  "packages/sandbox": "reference/sandbox.md",
  "packages/codegen": "reference/codegen.md",
  specs: "reference/specs.md",
};

/** A page before its links are changed. */
interface Draft {
  readonly page: string;
  /** The file that its links are relative to. */
  readonly source: string;
  readonly text: string;
}

/** Gathers the pages of the site: those of `docs/`, READMEs of packages, and those that are made from specs and classes. */
export function gatherPages(): SitePages {
  const { repository = "" } = openRepository(root).config;
  const vendors = readVendors();
  const read = (file: string): string => readFileSync(root + file, "utf8");
  const readme = read("README.md");
  const drafts: Draft[] = [
    ...["docs", "site/pages"].flatMap((folder) =>
      markdownIn(root + folder).map((page) => ({
        page,
        source: `${folder}/${page}`,
        text: includeSections(read(`${folder}/${page}`), readme).replace("<!-- budgets -->", budgetsTable),
      })),
    ),
    ...Object.entries(REFERENCE).map(([folder, page]) => ({
      page,
      source: `${folder}/README.md`,
      text:
        read(`${folder}/README.md`) +
        (folder === "packages/shared" ? "\nAll codes: [errors](../../docs/errors.md).\n" : ""),
    })),
    ...vendors.map(({ name }) => ({
      page: `vendors/${name}.md`,
      source: `packages/${name}/README.md`,
      text: vendorPage(root, name),
    })),
    { page: "vendors/index.md", source: "README.md", text: vendorsPage(readme) },
    { page: "errors.md", source: "docs/errors.md", text: errorsPage(`${root}packages/shared/src`) },
  ];
  const pageOf = new Map(
    drafts.flatMap(({ page, source }) => (page === "vendors/index.md" ? [] : [[source, page] as const])),
  );
  for (const { page, source } of drafts)
    if (source.startsWith("packages/") || source.startsWith("specs/"))
      pageOf.set(posix.dirname(source), page);
  pageOf.set("packages", "vendors/index.md");

  const dead: string[] = [];
  const pages = new Map<string, string>();
  for (const draft of drafts) {
    const linked = changeLinks(draft.text, draft, { root, repository, pageOf });
    pages.set(draft.page, linked.text);
    dead.push(...linked.dead.map((target) => `${draft.source}: ${target}`));
  }
  return { pages, dead: [...dead, ...deadAnchors(pages)] };
}

/** The links to an anchor that there is not. */
function deadAnchors(pages: ReadonlyMap<string, string>): string[] {
  const anchors = new Map([...pages].map(([page, text]) => [page, anchorsOf(text)]));
  return [...pages].flatMap(([page, text]) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s:]*)#([^)\s]+)\)/g)].flatMap(([, path = "", anchor = ""]) => {
      const target = path === "" ? page : posix.join(posix.dirname(page), path);
      return anchors.get(target)?.has(anchor) ? [] : [`${page}: ${path}#${anchor}`];
    }),
  );
}

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".md"));
}

/** What a vendor's package may weigh at most, from `budgets.json`. */
function budgetsTable(): string {
  const budgets = JSON.parse(readFileSync(`${root}budgets.json`, "utf8"));
  const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  const rows = [
    ["a vendor's package in a browser, minified and brotli, first load", kB(budgets.firstLoadBytes)],
    ["the same with downloads", kB(budgets.downloadBytes)],
    [
      "all packages that it installs beside itself",
      budgets.dependencies.map((name: string) => `\`${name}\``).join(", "),
    ],
  ];
  return ["| what | at most |", "|---|---|", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
}

function vendorsPage(readme: string): string {
  const table = /<!-- packages -->\n([\s\S]*?)<!-- \/packages -->/.exec(readme)?.[1] ?? "";
  return `# Vendors\n\nOne package for each vendor. Each page has the exports with their states and fields, limits, operations, and what is special about the vendor.\n\n${table}\nA vendor of your own, or one that is missing: [codegen](packages/codegen).\n`;
}
