import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import esbuildPlugin from "@size-limit/esbuild";
import filePlugin from "@size-limit/file";
import { build, type Plugin } from "esbuild";
import sizeLimit from "size-limit";
import { root } from "../vendors.js";

/** What a package weighs in a browser, minified and brotli, with all that it pulls in. */
export interface BundleBytes {
  /** What an import loads. */
  readonly first: number;
  /** With what the first download loads. */
  readonly download: number;
  /** Everything: the typed client of all operations, cancel, digests, and the search for a lost create, too. */
  readonly all: number;
}

/**
 * The parts of the shared package that a plain download to a path does not load: digests are loaded for a file that has some, the policy of retries when
 * something goes wrong.
 */
const NOT_FOR_DOWNLOADS =
  /^(\.|@outhaul\/shared)\/(api|cancel|digests|events|find-lost-job|lost-create|poll-with-file|retry-policy|stream-sink)(\.js)?$/;

export async function bundleBytes(packageName: string): Promise<BundleBytes> {
  const folder = mkdtempSync(`${root}node_modules/.budget-`);
  try {
    const entry = `${folder}/entry.js`;
    writeFileSync(entry, `export * from "${packageName}";\n`);
    // Without it esbuild would take the paths of the sources' tsconfig.json for those of the built package.
    const overrides = { tsconfigRaw: "{}", logLevel: "error" } as const;
    const all = await sizeOf(entry, overrides);
    const download = await sizeOf(entry, { ...overrides, plugins: [withoutParts(NOT_FOR_DOWNLOADS)] });
    return { first: await firstLoad(entry, overrides), download, all };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function sizeOf(entry: string, overrides: object): Promise<number> {
  const modifyEsbuildConfig = (config: object): object => ({ ...config, ...overrides });
  const [result] = await sizeLimit([esbuildPlugin, filePlugin], {
    checks: [{ files: [entry], modifyEsbuildConfig }],
  });
  if (!result?.size) throw new Error(`size-limit gave no size for ${entry}`);
  return result.size;
}

function withoutParts(names: RegExp): Plugin {
  return {
    name: "without-parts",
    setup({ onResolve }) {
      onResolve({ filter: names }, ({ kind, path }) =>
        kind === "dynamic-import" ? { path, external: true } : undefined,
      );
    },
  };
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
