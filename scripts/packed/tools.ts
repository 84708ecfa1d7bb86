import { existsSync } from "node:fs";
import { installFolder } from "../../runtimes/install.mjs";
import { root } from "../vendors.js";

/** Where the tools are that only the packed packages need: they are no part of what `npm test` waits for. */
export const TOOLS = `${root}scripts/packed/`;

/** Installs them, when they are not there or not those of the lockfile. */
export function installTools(): void {
  installFolder(TOOLS);
}

/** The program of a TypeScript, by the name that it has in the package.json at the top, or else in the one here. */
export function compilerOf(name: string): string {
  // Not by Node's way of finding modules: a tool here brings a "typescript" of its own.
  const top = `${root}node_modules/${name}`;
  return `${existsSync(top) ? top : `${TOOLS}node_modules/${name}`}/bin/tsc`;
}
