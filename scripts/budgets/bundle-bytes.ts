import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import esbuildPlugin from "@size-limit/esbuild";
import filePlugin from "@size-limit/file";
import { build } from "esbuild";
import sizeLimit from "size-limit";
import { root } from "../vendors.js";

/** What a package weighs in a browser, minified and brotli, with all that it pulls in. */
export interface BundleBytes {
  /** What an import loads. */
  readonly first: number;
  /** Everything: what the first download loads, too. */
  readonly all: number;
}

export async function bundleBytes(packageName: string): Promise<BundleBytes> {
  const folder = mkdtempSync(`${root}node_modules/.budget-`);
  try {
    const entry = `${folder}/entry.js`;
    writeFileSync(entry, `export * from "${packageName}";\n`);
    // Without it esbuild would take the paths of the sources' tsconfig.json for those of the built package.
    const overrides = { tsconfigRaw: "{}", logLevel: "error" } as const;
    const modifyEsbuildConfig = (config: object): object => ({ ...config, ...overrides });
    const checks = [{ files: [entry], modifyEsbuildConfig }];
    const [result] = await sizeLimit([esbuildPlugin, filePlugin], { checks });
    if (!result?.size) throw new Error(`size-limit gave no size for ${packageName}`);
    return { first: await firstLoad(entry, overrides), all: result.size };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function firstLoad(entry: string, overrides: object): Promise<number> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    outdir: "out",
    write: false,
    metafile: true,
    ...overrides,
  });
  const outputs = Object.entries(metafile.outputs);
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? [])
      if (kind === "import-statement") load(next);
  };
  for (const [path, { entryPoint }] of outputs) if (entryPoint?.endsWith("entry.js")) load(path);
  const parts = outputFiles.filter(({ path }) => [...loaded].some((name) => path.endsWith(name)));
  return brotliCompressSync(Buffer.concat(parts.map(({ contents }) => contents))).length;
}
