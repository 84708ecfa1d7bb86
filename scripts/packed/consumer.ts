import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { root } from "../vendors.js";
import type { Example } from "./examples.js";

/** Makes an empty project, installs the tarballs there and nothing else, and puts the examples in. @returns its folder */
export function installTarballs(
  project: string,
  tarballs: readonly string[],
  examples: readonly Example[],
): string {
  const { devDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  mkdirSync(`${project}/examples`, { recursive: true });
  writeFileSync(
    `${project}/package.json`,
    JSON.stringify({
      name: "consumer",
      private: true,
      type: "module",
      devDependencies: { "@types/node": devDependencies["@types/node"] },
    }),
  );
  execFileSync(
    "npm",
    [
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      "--loglevel=error",
      ...tarballs,
    ],
    {
      cwd: project,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  for (const { name, text } of examples) writeFileSync(`${project}/examples/${name}.ts`, text);
  return project;
}
