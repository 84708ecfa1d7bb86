import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readPage } from "../page/page.js";
import type { PageSource } from "./page-source.js";

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  txt: "text/plain",
  md: "text/markdown",
  json: "application/json",
};

/**
 * Pages that a person saved, or a test wrote. A page's file is, in this order: the one that `pages.json` names (`{ "<address>": "<file>" }`);
 * the one whose name is the address (see {@link fileNameOf}) with `.html`, `.txt`, `.md` or `.json`; one saved by a browser that notes the address in its first lines.
 * @throws when there is no such folder, or its `pages.json` is wrong
 */
export async function folderSource(folder: string): Promise<PageSource> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new Error(`There is no folder ${folder}.`);
  const names = (await readdir(folder)).sort();
  const index = await readIndex(folder, names);
  const saved = new Map<string, string>();
  for (const name of names.filter((one) => /\.html?$/i.test(one))) {
    const url = savedFrom(await readFile(join(folder, name), "latin1"));
    if (url !== undefined) saved.set(url, name);
  }
  return {
    async readText(url) {
      const base = fileNameOf(url);
      const name =
        index[url] ??
        [base, ...["json", "yaml", "yml"].map((type) => `${base}.${type}`)].find((one) =>
          names.includes(one),
        );
      if (name === undefined) return { fault: "no-file", why: `has no file ${base} in ${folder}` };
      const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
      if (text !== undefined) return { text };
      return { fault: "no-file", why: `has no file ${name} in ${folder}, though pages.json names it` };
    },
    async read(url) {
      const base = fileNameOf(url);
      const name =
        index[url] ??
        Object.keys(types)
          .map((type) => `${base}.${type}`)
          .find((one) => names.includes(one)) ??
        saved.get(url);
      if (name === undefined) return { fault: "no-file", why: `has no file ${base}.html in ${folder}` };
      const bytes = await readFile(join(folder, name)).catch(() => undefined);
      if (bytes === undefined)
        return { fault: "no-file", why: `has no file ${name} in ${folder}, though pages.json names it` };
      const page = readPage(bytes, types[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? "");
      return "fault" in page ? page : { page };
    },
  };
}

/** An address as the name of a file, without its ending: `https://docs.example/a/b?c=1` is `docs.example_a_b_c_1`. */
export function fileNameOf(url: string): string {
  return url
    .replace(/^https?:\/\//, "")
    .replace(/[^\w.-]+/g, "_")
    .replace(/_+$/, "");
}

async function readIndex(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  if (!names.includes("pages.json")) return {};
  const wrong = `${join(folder, "pages.json")} has to hold { "<address>": "<file>" }.`;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(folder, "pages.json"), "utf8"));
  } catch (error) {
    throw new Error(wrong, { cause: error });
  }
  const isIndex = (one: unknown): one is Record<string, string> =>
    typeof one === "object" && one !== null && Object.values(one).every((file) => typeof file === "string");
  if (!isIndex(value)) throw new Error(wrong);
  return value;
}

/** The address that Chrome and Edge write into a page that they save. */
function savedFrom(html: string): string | undefined {
  return /<!--\s*saved from url=\(\d+\)(\S+?)\s*-->/.exec(html.slice(0, 2000))?.[1];
}
