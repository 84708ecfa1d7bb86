import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { listen, sha256Of } from "@outhaul/sandbox/node";
import type { ExportJob } from "@outhaul/shared";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./generate/run.js";
import { root } from "./vendors.js";

type AnyClient = Record<string, (request: object) => Promise<ExportJob>>;

/** Vendors that the project does not know: one folder of specs each. */
const vendors = ["acme", "globex"];

describe("a new vendor is one folder in specs/ and one command", () => {
  let copy = "";
  const said: string[] = [];

  beforeAll(async () => {
    // Inside the repository, so that its dependencies are found from there.
    await mkdir(`${root}.cache`, { recursive: true });
    copy = await mkdtemp(`${root}.cache/new-vendor-`);
    await cp(`${root}scripts/generate/fixtures/specs`, `${copy}/specs`, { recursive: true });
    for (const file of ["LICENSE", "biome.json", "tsconfig.base.json", "packages/shared/package.json"]) {
      await cp(root + file, `${copy}/${file}`, { recursive: true });
    }
    expect(await run(copy, [], (line) => said.push(line)), said.join("\n")).toBe(0);
  });
  afterAll(() => rm(copy, { recursive: true }));

  it.each(vendors)("%s: what is generated compiles", (vendor) => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [`${root}node_modules/typescript/bin/tsc`, "-p", `${copy}/packages/${vendor}`],
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
        const file = await job?.save(join(copy, "out", workflow, "/"), {
          schedule: () => 1,
          createDirs: true,
          sha256: true,
        });
        expect(file?.sha256).toBe(listening && job && sha256Of(listening.sandbox.fileOf(job.id)));
        expect(await readdir(join(copy, "out", workflow))).toHaveLength(1);
      }
      expect(listening?.sandbox.jobs().length).toBeGreaterThan(0);
    } finally {
      await sandbox.close();
    }
  });
});
