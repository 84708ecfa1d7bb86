import type { OpenApi } from "../openapi.js";

/** The package.json of a vendor package. */
export function packageJson(
  vendor: string,
  document: OpenApi,
  version: string,
  sharedVersion: string,
): string {
  return JSON.stringify({
    name: `@outhaul/${vendor}`,
    version,
    description: `Runs exports of ${document.info.title}: starts them, waits for them, and saves the file.`,
    license: "MIT",
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    files: ["dist", "src/generated/manifest.json"],
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./manifest.json": "./src/generated/manifest.json",
      "./package.json": "./package.json",
    },
    scripts: {
      build: "tsup --config ../../tsup.config.ts",
      typecheck: "tsc -p .",
    },
    dependencies: { "@outhaul/shared": `^${sharedVersion}` },
  });
}
