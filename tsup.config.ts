import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { defineConfig, type Options } from "tsup";

/** Every entry that a package may have; the ones it has are built. */
const entries = ["index", "env", "node"];

export const common: Options = {
  format: "esm",
  target: "es2022",
  platform: "neutral",
  removeNodeProtocol: false,
  sourcemap: true,
  external: [/^#/, /^node:/, "./index.js"], // an entry imports another as it is, so that there is one of each
  clean: true,
  silent: true,
};

/**
 * Emits the declarations of the package one stands in, by the native compiler, which needs a fifth of the time.
 * @param sources the TypeScript file of each entry, below `src`; what they import comes along
 */
async function emitDeclarations(
  sources: readonly string[],
  folder: string,
  options: object = {},
): Promise<void> {
  const project = {
    extends: "../tsconfig.json",
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: "../src",
      outDir: `../${folder}`,
      ...options,
    },
    files: sources.map((source) => `../${source}`),
    include: ["../src/**/*.d.ts"],
  };
  await rm(".types", { recursive: true, force: true });
  await mkdir(".types");
  await writeFile(".types/tsconfig.json", JSON.stringify(project));
  const compiler = dirname(
    createRequire(join(process.cwd(), "package.json")).resolve("typescript-7/package.json"),
  );
  const run = promisify(execFile)(process.execPath, [
    join(compiler, "bin/tsc"),
    ...["-p", ".types", "--pretty", "false"],
  ]);
  await run.catch(({ stdout, message }) => {
    throw new Error(stdout || message);
  });
}

/**
 * Declarations for tsup to bundle: what a package keeps to itself is not in them.
 * @param sources the TypeScript file of each entry, below `src`, by name
 */
export async function declarations(sources: Readonly<Record<string, string>>): Promise<Options["dts"]> {
  await emitDeclarations(Object.values(sources), ".types");
  const entry = Object.entries(sources).map(([name, source]) => [
    name,
    source.replace(/^src\/(.*)\.ts$/, ".types/$1.d.ts"),
  ]);
  return { entry: Object.fromEntries(entry) };
}

/** A vendor's package, or another that needs nothing of its own. Its declarations are not bundled: users may see all of them, and bundling takes half of the build. */
export default defineConfig(async () => {
  const found = entries.filter((name) => existsSync(`src/${name}.ts`));
  const sources = Object.fromEntries(found.map((name) => [name, `src/${name}.ts`]));
  await rm("dist", { recursive: true, force: true });
  // It runs everywhere: Node's types are not for it.
  await emitDeclarations(Object.values(sources), "dist", { types: [] });
  return { ...common, entry: sources, clean: false };
});
