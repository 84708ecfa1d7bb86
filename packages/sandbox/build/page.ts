import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin, transform } from "esbuild";

const folder = new URL("../src/page/client/", import.meta.url);

/** The live page as one HTML file: its style and its script are in it, and it asks for nothing else. */
export async function buildPage(): Promise<string> {
  const [html, css, script] = await Promise.all([
    readFile(new URL("index.html", folder), "utf8"),
    readFile(new URL("style.css", folder), "utf8"),
    build({
      entryPoints: [fileURLToPath(new URL("main.ts", folder))],
      bundle: true,
      write: false,
      minify: true,
      format: "iife",
      target: "es2022",
      logLevel: "silent",
    }),
  ]);
  const style = await transform(css, { loader: "css", minify: true });
  const code = (script.outputFiles[0]?.text ?? "").trim().replaceAll("</script", "<\\/script");
  return html
    .replace(/^ +/gm, "")
    .replace("<!-- style -->", () => `<style>${style.code.trim()}</style>`)
    .replace("<!-- script -->", () => `<script>${code}</script>`);
}

/** Gives the page to the module that imports `client/index.html`. */
export const pagePlugin: Plugin = {
  name: "page",
  setup({ onLoad }) {
    onLoad({ filter: /page[\\/]client[\\/]index\.html$/ }, async () => ({
      contents: await buildPage(),
      loader: "text",
    }));
  },
};
