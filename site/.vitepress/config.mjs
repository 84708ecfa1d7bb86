import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { slugOf } from "../../scripts/site/slug.ts";

const pages = fileURLToPath(new URL("../.pages/", import.meta.url));

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

export default defineConfig({
  title: "Outhaul",
  description: "Pulls exports out of vendors' export APIs, whatever the night does.",
  lang: "en",
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
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
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
