import type { OpenApi } from "../../language/openapi.js";
import { registryFields } from "./registry-fields.js";

/** The package.json of a vendor package. */
export function packageJson(
  vendor: string,
  document: OpenApi,
  version: string,
  sharedVersion: string,
): string {
  const { title } = document.info;
  return JSON.stringify({
    name: `@outhaul/${vendor}`,
    version,
    description: `Runs exports of ${title}: starts them, waits for them, and saves the file.`,
    keywords: ["outhaul", "export", "api-client", vendor],
    ...registryFields(`packages/${vendor}`),
    license: "MIT",
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    files: ["dist", "src/generated/manifest.json", "CHANGELOG.md"],
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./manifest.json": "./src/generated/manifest.json",
      "./package.json": "./package.json",
    },
    scripts: {
      build: "tsup --config ../../tsup.config.ts",
      typecheck: "tsc -p .",
    },
    dependencies: { "@outhaul/shared": rangeOf(sharedVersion) },
  });
}

/** A snapshot or a pre-release goes with just the one it was made with. */
function rangeOf(version: string): string {
  return version.includes("-") ? version : `^${version}`;
}
