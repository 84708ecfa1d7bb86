import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["packages/{shared,sandbox}/src/**/*.test.ts", "scripts/**/*.test.ts"] } },
      { test: { name: "vendors", include: ["specs/**/*.test.ts", "packages/*/test/**/*.test.ts"] } },
    ],
  },
});
