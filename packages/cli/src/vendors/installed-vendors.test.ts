import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contacts, testWorld } from "../testing/world.js";

/** Puts a package into a project that is not this program's place. It leaves a mark when it is loaded. */
function putPackage(project: string, vendor: string, { dependencies = {}, of = vendor } = {}): string {
  const folder = join(project, "node_modules/@outhaul", vendor);
  mkdirSync(join(folder, "src/generated"), { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ dependencies }));
  const exports = { ".": "./index.js", "./manifest.json": "./src/generated/manifest.json" };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: `@outhaul/${vendor}`, version: "1.0.0", type: "module", exports }),
  );
  const mark = JSON.stringify(join(project, "loaded"));
  writeFileSync(
    join(folder, "index.js"),
    `import { writeFileSync } from "node:fs"; writeFileSync(${mark}, ""); export const create = () => ({ api: { GET: async () => ({ response: { ok: true, status: 200 } }) } });`,
  );
  const operations = [{ id: "list", method: "GET", path: "/x", summary: "", docs: [], parameters: [] }];
  const manifest = {
    manifestVersion: 1,
    vendor: of,
    title: "Acme",
    create: "create",
    credentials: [[]],
    options: [],
  };
  writeFileSync(
    join(folder, "src/generated/manifest.json"),
    JSON.stringify({ ...manifest, workflows: [], operations, components: { schemas: {} } }),
  );
  return folder;
}

it("4.7: a package below the working directory is used if the project declares it, and it is told from where", async () => {
  const world = await testWorld();
  const cwd = join(world.folder, "other");
  const folder = putPackage(cwd, "testvendor");
  const refused = `outhaul: ${folder} is not used, because no package.json of the project declares it: npm install @outhaul/testvendor\n`;
  expect(await world.run(["doctor", "testvendor"], { cwd })).toMatchObject({ code: 2, stderr: refused });
  const listed = await world.run(["vendors"], { cwd });
  expect([listed.code, listed.stderr]).toEqual([0, refused]);
  expect(listed.stdout).not.toContain("testvendor");
  expect(existsSync(join(cwd, "loaded"))).toBe(false);

  putPackage(cwd, "testvendor", { dependencies: { "@outhaul/testvendor": "1" } });
  expect((await world.run(["vendors"], { cwd })).stdout).toContain(`this project: ${folder}\n`);
  const { code, stdout } = await world.run(["doctor", "testvendor"], { cwd });
  expect([code, stdout]).toEqual([0, expect.stringContaining(`loaded from ${folder}\n`)]);
  expect(existsSync(join(cwd, "loaded"))).toBe(true);
});

it("4.7: a package beside the program goes before one of the working directory, also a declared one", async () => {
  const world = await testWorld();
  const cwd = join(world.folder, "other");
  putPackage(cwd, "ongage", { dependencies: { "@outhaul/ongage": "1" } });
  expect(await world.run(contacts, { cwd })).toMatchObject({ code: 0 });
  expect(existsSync(join(cwd, "loaded"))).toBe(false);
});

it("4.7: a package that says it is of another vendor is refused", async () => {
  const world = await testWorld();
  const cwd = join(world.folder, "other");
  putPackage(cwd, "testvendor", { dependencies: { "@outhaul/testvendor": "1" }, of: "ongage" });
  expect(await world.run(["doctor", "testvendor"], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("says that it is of ongage"),
  });
});

it.skipIf(process.platform === "win32")("4.7: a package that others can change is refused", async () => {
  const world = await testWorld();
  const cwd = join(world.folder, "other");
  const folder = putPackage(cwd, "testvendor", { dependencies: { "@outhaul/testvendor": "1" } });
  for (const path of [folder, join(folder, "package.json"), join(cwd, "node_modules"), cwd]) {
    chmodSync(path, 0o777);
    expect(await world.run(["doctor", "testvendor"], { cwd })).toMatchObject({
      code: 2,
      stderr: `outhaul: ${folder} is not used, because anybody can write to ${path}: chmod o-w ${path}\n`,
    });
    chmodSync(path, 0o755);
  }
  if (process.getuid?.() !== 0) return; // only root can give a file away
  chownSync(folder, 4711, 4711);
  expect(await world.run(["doctor", "testvendor"], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("belongs to another user (4711)"),
  });
  expect(existsSync(join(cwd, "loaded"))).toBe(false);
});
