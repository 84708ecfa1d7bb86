import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The sources of the shared package, which only its build resolves by itself. */
const alias = {
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
            "packages/{shared,sandbox}/src/**/*.test.ts",
            "scripts/{generate,release,new-vendor,docs,spec-diff}/**/*.test.ts",
          ],
          exclude: ["scripts/spec-diff/cases.test.ts"],
        },
      },
      {
        resolve: { alias },
        test: { name: "cli", include: ["packages/cli/src/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        resolve: { alias },
        test: { name: "spec-diff", include: ["scripts/spec-diff/cases.test.ts"] },
      },
      {
        resolve: { alias },
        test: { name: "vendors", include: ["specs/**/*.test.ts", "scripts/*.test.ts"] },
      },
    ],
  },
});
