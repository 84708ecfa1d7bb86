import type { Config } from "../../config/config.js";
import type { VendorPlan } from "../../plan/vendor-plan.js";

/** Writes the package.json of a vendor package. */
export function packageJson({
  vendor,
  title,
  packageName,
  folder,
  version,
  sharedRange,
  repository,
}: VendorPlan): string {
  const { config } = repository;
  return JSON.stringify({
    name: packageName,
    version,
    ...(config.private ? { private: true } : {}),
    description: `Runs exports of ${title}: starts them, waits for them, and saves the file.`,
    keywords: ["outhaul", "export", "api-client", vendor],
    ...repositoryFields(config.repository, folder),
    ...(config.publishConfig ? { publishConfig: config.publishConfig } : {}),
    ...(config.author === undefined ? {} : { author: config.author }),
    license: config.license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.19" },
    files: ["dist", "src/generated/manifest.json", "CHANGELOG.md"],
    main: "./dist/index.js",
    types: "./dist/index.d.ts",
    typesVersions: { "*": { env: ["./dist/env.d.ts"] } },
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./env": { types: "./dist/env.d.ts", default: "./dist/env.js" },
      "./manifest.json": "./src/generated/manifest.json",
      "./package.json": "./package.json",
    },
    scripts: scriptsOf(config),
    dependencies: { "@outhaul/shared": sharedRange },
  });
}

/** Where a package comes from. */
function repositoryFields(address: string | undefined, directory: string) {
  if (address === undefined) return {};
  return {
    homepage: `${address}/tree/main/${directory}#readme`,
    bugs: `${address}/issues`,
    repository: { type: "git", url: `git+${address}.git`, directory },
  };
}

function scriptsOf({ build }: Config): { build: string; typecheck: string } {
  return build === undefined
    ? { build: "tsc -p .", typecheck: "tsc -p . --noEmit" }
    : { build, typecheck: "tsc -p ." };
}
