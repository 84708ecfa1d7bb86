import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitest/config";
import { buildPage } from "./packages/sandbox/build/page.js";

/** The sources of packages that would have to be built otherwise. */
const alias = {
  "@outhaul/spec": fileURLToPath(new URL("packages/spec/src/index.ts", import.meta.url)),
  "#gunzip": fileURLToPath(new URL("packages/shared/src/platform/node/gunzip.ts", import.meta.url)),
  "#platform": fileURLToPath(new URL("packages/shared/src/platform/node/index.ts", import.meta.url)),
};

/** The live page of the sandbox, as its build makes it. */
const page: Plugin = {
  name: "page",
  enforce: "pre",
  resolveId: (id) => (id.endsWith("client/index.html") ? "\0page" : undefined),
  load: async (id) => (id === "\0page" ? `export default ${JSON.stringify(await buildPage())}` : undefined),
};

/** What runs Redocly or the compiler for each case takes long: it has a project of its own. */
const specDiff = ["packages/codegen/src/spec-diff/{run,cases/cases}.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        plugins: [page],
        test: {
          name: "unit",
          include: [
            "packages/{shared,spec,sandbox,codegen}/src/**/*.test.ts",
            "scripts/{architecture,generate,release}/**/*.test.ts",
          ],
          exclude: specDiff,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: { name: "cli", include: ["packages/cli/src/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        resolve: { alias },
        test: { name: "spec-diff", include: specDiff },
      },
      {
        resolve: { alias },
        test: {
          name: "vendors",
          include: ["specs/**/*.test.ts", "scripts/*.test.ts"],
          exclude: ["scripts/new-vendor.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: { name: "new-vendor", include: ["scripts/new-vendor.test.ts"] },
      },
    ],
  },
});
