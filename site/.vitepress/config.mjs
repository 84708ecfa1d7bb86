import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { slugOf } from "../../scripts/site/slug.ts";

const pages = fileURLToPath(new URL("../.pages/", import.meta.url));

/** An arrow into a tray. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#4651c8"/><path d="M8 3v6M5 6.5 8 9.5l3-3M4 12.5h8" fill="none" stroke="#fff" stroke-width="1.5"/></svg>';

/** The pages of a folder for the sidebar, each with its own title. */
function itemsIn(folder) {
  return readdirSync(pages + folder)
    .filter((file) => file.endsWith(".md") && file !== "index.md")
    .map((file) => item(`${folder}/${file}`));
}

function item(file) {
  const text = readFileSync(pages + file, "utf8");
  const title = /^# (.+)$/m.exec(text)?.[1] ?? file;
  return { text: title.replaceAll("`", ""), link: `/${file.replace(/\.md$/, "")}` };
}

/** A column without a title has an empty cell above it, not a header without a name. */
function emptyHeadersAreCells(markdown) {
  const { rules } = markdown.renderer;
  rules.th_open = (tokens, index, options, _, renderer) => {
    if (tokens[index + 1].content === "") tokens[index].tag = tokens[index + 2].tag = "td";
    return renderer.renderToken(tokens, index, options);
  };
}

export default defineConfig({
  title: "Outhaul",
  description: "Pulls exports out of vendors' export APIs, whatever the night does.",
  lang: "en",
  head: [["link", { rel: "icon", href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  // GitHub serves the pages of a project in a folder: SITE_BASE=/outhaul/
  base: process.env.SITE_BASE ?? "/",
  srcDir: ".pages",
  outDir: "dist",
  cacheDir: "../.cache/site",
  cleanUrls: false,
  metaChunk: true,
  // TypeDoc writes this folder afterwards.
  ignoreDeadLinks: [/^\/api\//],
  markdown: {
    anchor: { slugify: slugOf },
    config: emptyHeadersAreCells,
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  // A page with a table of many columns has their room instead of its outline.
  transformPageData: ({ relativePath, frontmatter }) => {
    if (relativePath === "comparison.md") frontmatter.aside = false;
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Guide", link: "/getting-started" },
      { text: "Vendors", link: "/vendors/" },
      { text: "Errors", link: "/errors" },
      { text: "API", link: "/api/index.html", target: "_self" },
      { text: "Playground", link: "/playground" },
    ],
    sidebar: [
      { text: "Begin", items: ["getting-started.md", "how-it-works.md", "comparison.md"].map(item) },
      { text: "Guides", items: itemsIn("guides") },
      { text: "Vendors", items: itemsIn("vendors") },
      {
        text: "Reference",
        items: [item("errors.md"), item("runtimes.md"), ...itemsIn("reference"), item("where-things-are.md")],
      },
    ],
    docFooter: { prev: false, next: false },
  },
  vite: {
    server: { fs: { allow: [fileURLToPath(new URL("../..", import.meta.url))] } },
    build: { chunkSizeWarningLimit: 1500 },
  },
});
