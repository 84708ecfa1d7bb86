import { existsSync } from "node:fs";
import { root } from "../vendors.js";

/** Finds links and paths on a page that lead to nothing: `](path)`, and in tables "`shared: path`, `path`". */
export function deadPaths(page: string): string[] {
  const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = ""]) => path);
  const mentioned = page.split("\n").flatMap((line) => {
    let folder: string | undefined;
    return [...line.matchAll(/`(?:(shared|spec|codegen|sandbox|cli): )?([\w./-]+)`/g)].flatMap(
      ([, name, path]) => {
        if (name) folder = `packages/${name}/src`;
        return folder ? [`${folder}/${path}`] : [];
      },
    );
  });
  return [...links, ...mentioned].filter((path) => !existsSync(root + path));
}
