import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The sources of packages that would have to be built otherwise. */
const alias = {
  "@outhaul/spec": fileURLToPath(new URL("packages/spec/src/index.ts", import.meta.url)),
  "#gunzip": fileURLToPath(new URL("packages/shared/src/platform/node/gunzip.ts", import.meta.url)),
  "#platform": fileURLToPath(new URL("packages/shared/src/platform/node/index.ts", import.meta.url)),
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: [
            "packages/{shared,spec,sandbox,codegen}/src/**/*.test.ts",
            "scripts/{architecture,generate,release}/**/*.test.ts",
          ],
          exclude: ["packages/codegen/src/spec-diff/cases/cases.test.ts"],
        },
      },
      {
        resolve: { alias },
        test: { name: "cli", include: ["packages/cli/src/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        resolve: { alias },
        test: { name: "spec-diff", include: ["packages/codegen/src/spec-diff/cases/cases.test.ts"] },
      },
      {
        resolve: { alias },
        test: { name: "vendors", include: ["specs/**/*.test.ts", "scripts/*.test.ts"] },
      },
    ],
  },
});
