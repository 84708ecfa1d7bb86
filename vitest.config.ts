import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, type TestUserConfig } from "vitest/config";
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

/** What runs many programs, or a whole copy of the repository, runs where it is named. */
const longScripts = ["scripts/{by-hand,commands,new-vendor,words}.test.ts"];

/**
 * What puts other modules or globals in the place of real ones, and what counts the processor's time, which is that of the whole process: each such file has
 * a process of its own.
 */
const alone = ["packages/shared/src/{mocks,download/web,gzip/gzip,foreign-text,patterns}.test.ts"];

/** Threads begin in half the time of processes, and files share what they import: reading it anew for each took longer than many of the tests. */
const quick = {
  pool: "threads",
  isolate: false,
  testTimeout: 30_000,
  setupFiles: [fileURLToPath(new URL("scripts/compare-bytes.ts", import.meta.url))],
} satisfies TestUserConfig;

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        plugins: [page],
        test: {
          ...quick,
          name: "unit",
          include: ["packages/{shared,sandbox}/src/**/*.test.ts"],
          exclude: alone,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        // Beside the others: what reads pages brings an undici of its own, which takes over the global fetch.
        test: {
          ...quick,
          name: "tools",
          include: [
            "packages/{spec,codegen}/src/**/*.test.ts",
            "scripts/{architecture,generate,release}/**/*.test.ts",
          ],
          exclude: specDiff,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: { ...quick, name: "alone", include: alone, pool: "forks", isolate: true },
      },
      {
        resolve: { alias },
        test: { ...quick, name: "cli", include: ["packages/cli/src/**/*.test.ts"] },
      },
      {
        resolve: { alias },
        test: { name: "spec-diff", include: specDiff },
      },
      {
        resolve: { alias },
        test: {
          ...quick,
          name: "vendors",
          include: ["specs/**/*.test.ts", "scripts/*.test.ts"],
          exclude: longScripts,
        },
      },
      {
        resolve: { alias },
        test: { ...quick, name: "scripts", include: longScripts },
      },
    ],
  },
});
