import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

/** Which files a build writes, and from which sources. Keys are file names in `dist`, without `.js`. */
export interface Parts {
  /** The file that is always loaded, with everything that its source imports statically. */
  readonly eager: readonly [name: string, source: string];
  /** The files that are loaded when they are needed, named after what they do. They import what the eager file has from there. */
  readonly lazy: Readonly<Record<string, string>>;
}

/**
 * Makes esbuild write one file for each part. By itself it would write a chunk for each combination of parts that share something, and every
 * import would read a dozen small files. Here the eager file exports what the lazy ones need of it.
 */
export async function partPlugins(parts: Parts): Promise<{ eager: Plugin; lazy: Plugin }> {
  const [eagerName, eagerSource] = parts.eager;
  const lazyNames = new Map(Object.entries(parts.lazy).map(([name, source]) => [resolve(source), name]));
  const lazySources = [...lazyNames.keys()];
  const eagerFiles = await staticImports([resolve(eagerSource)], () => true);
  const reached = await staticImports(lazySources, (file) => !eagerFiles.has(file));
  const shared = [...reached].filter((file) => eagerFiles.has(file)).sort();

  const toPart = (name: string | undefined) =>
    name === undefined ? undefined : { path: `./${name}.js`, external: true };
  const lazyImport = (file: string, importer: string) => {
    const part = toPart(lazyNames.get(file));
    if (!part) throw new Error(`${importer} imports ${file} lazily, which is no part of the build`);
    return part;
  };

  return {
    eager: {
      name: "eager-part",
      setup(esbuild) {
        esbuild.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
          if (path !== resolve(eagerSource)) return undefined;
          const forLazyParts = shared.map((file) => `export * from "./${relative(dirname(path), file)}";`);
          return { contents: [await readFile(path, "utf8"), ...forLazyParts].join("\n"), loader: "ts" };
        });
        esbuild.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir, importer }) =>
          kind === "dynamic-import" ? lazyImport(toSource(resolveDir, path), importer) : undefined,
        );
      },
    },
    lazy: {
      name: "lazy-parts",
      setup(esbuild) {
        esbuild.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir, importer }) => {
          if (kind === "entry-point") return undefined;
          const file = toSource(resolveDir, path);
          if (kind === "dynamic-import") return lazyImport(file, importer);
          return toPart(eagerFiles.has(file) ? eagerName : lazyNames.get(file));
        });
        esbuild.onEnd(({ outputFiles = [] }) => {
          const unnamed = outputFiles.find(({ path }) => /chunk-\w+\.js$/.test(path));
          if (unnamed)
            throw new Error(`lazy parts share code that is no part: name it in the build.\n${unnamed.text}`);
        });
      },
    },
  };
}

function toSource(resolveDir: string, path: string): string {
  return resolve(resolveDir, path).replace(/\.js$/, ".ts");
}

/** The files that these import statically, themselves included; those that `goesOn` refuses are not entered. */
async function staticImports(
  entryPoints: string[],
  goesOn: (file: string) => boolean,
): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    outdir: "dist",
    external: ["#*", "node:*"],
    packages: "external",
    logLevel: "silent",
  });
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    if (!goesOn(file)) return;
    for (const { path, kind, external } of metafile.inputs[relative(process.cwd(), file)]?.imports ?? [])
      if (!external && kind === "import-statement") visit(resolve(path));
  };
  for (const file of entryPoints) visit(file);
  return found;
}
