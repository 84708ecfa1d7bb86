import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listen, sha256Of } from "@outhaul/sandbox/node";
import type { ExportJob } from "@outhaul/shared";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRepository } from "../packages/codegen/src/config/repository.js";
import { run } from "../packages/codegen/src/generate/run.js";
import { newVendor } from "../packages/codegen/src/new-vendor/run.js";
import { problemOf } from "./packed/run.js";
import { root } from "./vendors.js";

type AnyClient = Record<string, (request: object) => Promise<ExportJob>>;

const documents = `${root}packages/codegen/src/testing/published`;
/** What `npm run new-vendor` makes: by the way to sign in, and from documents of vendors. */
const fresh = [
  ...["bearer", "header", "query", "basic", "oauth2"].map((auth) => ({
    vendor: `fresh-${auth}`,
    args: ["--auth", auth, "--base-url", `https://api.fresh-${auth}.example/v1/`],
  })),
  {
    vendor: "stages",
    args: [
      "--openapi",
      `${documents}/stages.json`,
      "--operations",
      "post-/workspaces/{workspaceId}/exports_start,exports_get,GET /workspaces/{workspaceId}/exports/{exportId}/content",
    ],
  },
  {
    vendor: "links",
    args: ["--openapi", `${documents}/links.yaml`, "--operations", "createReport,get.report"],
  },
];
/** Vendors that the project does not know: one folder of specs each. */
const vendors = ["acme", "globex", ...fresh.map(({ vendor }) => vendor)];

describe("a new vendor is one folder in specs/ and one command", { timeout: 60_000 }, () => {
  let copy = "";
  const said: string[] = [];

  beforeAll(async () => {
    // Inside the repository, so that its dependencies are found from there.
    await mkdir(`${root}.cache`, { recursive: true });
    copy = await mkdtemp(`${root}.cache/new-vendor-`);
    await cp(`${root}packages/codegen/src/testing/fixtures/specs`, `${copy}/specs`, { recursive: true });
    for (const file of [
      "LICENSE",
      "biome.json",
      "outhaul.config.json",
      "tsconfig.base.json",
      "packages/shared/package.json",
    ]) {
      await cp(root + file, `${copy}/${file}`, { recursive: true });
    }
    await cp(`${root}redocly.yaml`, `${copy}/redocly.yaml`);
    for (const { args, vendor } of fresh) {
      const made = await newVendor(
        openRepository(copy),
        [vendor, ...args, "--docs", `https://${vendor}.example/docs`],
        new Date(0),
        (line) => said.push(line),
      );
      expect(made.code, said.join("\n")).toBe(0);
    }
    expect(await run(openRepository(copy), [], (line) => said.push(line)), said.join("\n")).toBe(0);
  }, 60_000);
  afterAll(() => rm(copy, { recursive: true }));

  it.each(fresh)(
    "$vendor: its spec and its tests pass the linters, and its page is in the lock",
    async ({ vendor }) => {
      const folder = `${copy}/specs/${vendor}`;
      const lint = (program: string, ...args: string[]) =>
        spawnSync(`${root}node_modules/.bin/${program}`, args, {
          cwd: copy,
          encoding: "utf8",
          env: { ...process.env, REDOCLY_TELEMETRY: "off" },
        });
      const redocly = lint("redocly", "lint", `${folder}/openapi.yaml`, `${folder}/exports.arazzo.yaml`);
      expect(redocly.status, redocly.stderr).toBe(0);
      expect(redocly.stderr).not.toMatch(/\d warning/);
      const biome = lint("biome", "ci", "--vcs-enabled=false", folder);
      expect(biome.status, biome.stderr).toBe(0);
      expect(await readdir(folder)).toEqual([
        "docs.lock.json",
        "exports.arazzo.yaml",
        "openapi.yaml",
        "quirks.test.ts",
        "types.test-d.ts",
      ]);
      expect(JSON.parse(await readFile(`${folder}/docs.lock.json`, "utf8"))).toEqual({
        pages: { [`https://${vendor}.example/docs`]: { read: "1970-01-01" } },
      });
    },
  );

  it.each(fresh)("$vendor: Respect runs its workflow", async ({ vendor }) => {
    const spec = JSON.parse(await readFile(`${copy}/packages/sandbox/src/generated/${vendor}.json`, "utf8"));
    const sandbox = await listen({ specs: { [vendor]: spec }, jobs: { polls: 0, sizeBytes: 2000 } });
    try {
      const { serverUrl = "", sandbox: inside } = sandbox.vendors[vendor] ?? {};
      const input = { ...inside?.credentials, ...inside?.examples["createExport"] };
      const args = [`specs/${vendor}/exports.arazzo.yaml`, "--server", `${vendor}=${serverUrl}`];
      const problem = await problemOf(
        `${root}node_modules/.bin/redocly`,
        ["respect", ...args, "--input", JSON.stringify(input)],
        { cwd: copy, env: { ...process.env, REDOCLY_TELEMETRY: "off" } },
      );
      expect(problem).toBeUndefined();
    } finally {
      await sandbox.close();
    }
  });

  it("what is generated compiles", async () => {
    const config = {
      extends: "./tsconfig.base.json",
      compilerOptions: { noEmit: true },
      include: vendors.map((vendor) => `packages/${vendor}/src`),
    };
    await writeFile(`${copy}/tsconfig.json`, JSON.stringify(config));
    const { status, stdout } = spawnSync(
      process.execPath,
      [`${root}node_modules/typescript-7/bin/tsc`, "-p", copy],
      { encoding: "utf8" },
    );
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  it.each(vendors)("%s: its exports run against the sandbox", async (vendor) => {
    const folder = `${copy}/packages/${vendor}`;
    await build({
      entryPoints: [`${folder}/src/index.ts`],
      outfile: `${folder}/dist/index.js`,
      bundle: true,
      packages: "external",
      format: "esm",
    });
    const module: Record<string, (options: object) => AnyClient> = await import(`${folder}/dist/index.js`);
    const create = Object.entries(module).find(([name]) => name.startsWith("create"))?.[1];
    const spec = JSON.parse(await readFile(`${copy}/packages/sandbox/src/generated/${vendor}.json`, "utf8"));
    const sandbox = await listen({ specs: { [vendor]: spec }, jobs: { polls: 1, sizeBytes: 50_000 } });
    try {
      const listening = sandbox.vendors[vendor];
      const client = create?.({ ...listening?.clientOptions });
      for (const [workflow, request] of Object.entries(listening?.sandbox.examples ?? {})) {
        const job = await client?.[workflow]?.(request);
        const file = await job?.save(join(copy, "out", vendor, workflow, "/"), {
          schedule: () => 1,
          createDirs: true,
          sha256: true,
        });
        expect(file?.sha256).toBe(listening && job && sha256Of(listening.sandbox.fileOf(job.id)));
        expect(await readdir(join(copy, "out", vendor, workflow))).toHaveLength(1);
      }
      expect(listening?.sandbox.jobs().length).toBeGreaterThan(0);
    } finally {
      await sandbox.close();
    }
  });
});
