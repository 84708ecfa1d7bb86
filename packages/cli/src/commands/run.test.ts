import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testWorld, type World } from "../testing/world.js";

const contacts = (name: string, more = "") =>
  `  - { name: ${name}, vendor: ongage, workflow: exportContacts, output: "out/${name}.zip", request: { name: ${name}, segment_id: [1], status: [active], date_format: dd/mm/yyyy, file_format: csv${more} } }`;
const put = (world: World, ...lines: string[]) =>
  writeFileSync(join(world.folder, "project/exports.yaml"), ["exports:", ...lines].join("\n"));
const go = ["run", "exports.yaml", "--poll-interval", "20ms"];
const manifest = (world: World) =>
  JSON.parse(readFileSync(join(world.folder, "project/exports.yaml.manifest.json"), "utf8")).exports;
const starts = (world: World) => world.sandbox.vendors["ongage"]?.sandbox.jobs().length;

it("runs all exports of a file, writes what came of them, and does nothing twice", async () => {
  const world = await testWorld();
  const stats = JSON.stringify(world.sandbox.vendors["carma"]?.sandbox.examples["exportStatistics"]);
  put(
    world,
    contacts("a"),
    contacts("b"),
    `  - { vendor: carma, workflow: exportStatistics, output: "out/{date}-{filename}", request: ${stats} }`,
  );
  const first = await world.run(go);
  expect([first.code, first.stdout]).toEqual([0, ""]);
  expect(first.stderr.trimEnd().split("\n").slice(-6)).toEqual([
    expect.stringMatching(/^export +came to +size +time +file$/),
    expect.stringMatching(/^─+/),
    expect.stringMatching(/^a +saved +20\.\d kB +00:0\d +out\/a\.zip$/),
    expect.stringMatching(/^b +saved +20\.\d kB +00:0\d +out\/b\.zip$/),
    expect.stringMatching(/^carma exportStatistics +saved +\S+ kB +00:0\d +out\/\S+$/),
    "3 exports: 3 saved",
  ]);
  const entries = manifest(world);
  expect(entries).toHaveLength(3);
  for (const entry of entries) {
    expect(entry).toMatchObject({
      state: "done",
      sha256: expect.stringMatching(/^[\da-f]{64}$/),
      token: expect.any(String),
    });
    expect(readFileSync(entry.file).length).toBe(entry.sizeBytes);
  }
  const again = await world.run(go, { cwd: join(world.folder, "project") });
  expect([again.code, starts(world)]).toEqual([0, 2]);
  expect(again.stderr.match(/^.* skipped .*done at/gm)).toHaveLength(3);
  expect(again.stderr).toMatch(/\n3 exports: 3 skipped\n$/);
  // A file that is gone, and one that is wanted again.
  rmSync(join(world.folder, "project/out/a.zip"));
  const third = await world.run([...go, "--again", "b", "--overwrite", "replace"]);
  expect([third.code, starts(world), manifest(world).length]).toEqual([0, 4, 3]);
  expect((await world.run([...go, "--again", "c"])).stderr).toBe(
    'outhaul: --again: exports.yaml has no export "c"\n',
  );
});

it("the next run resumes the jobs of a killed one", async () => {
  const world = await testWorld({ jobs: { polls: 1000, sizeBytes: 20_000 } });
  put(world, contacts("a"), contacts("b"));
  const running = world.start(go);
  await expect.poll(() => starts(world), { timeout: 20_000 }).toBe(2);
  await running.printed(/b .*1 poll/);
  expect((await world.run(go)).stderr).toMatch(/^outhaul: another process runs these exports/);
  running.child.kill("SIGKILL");
  await running.ended;
  rmSync(join(world.folder, "project/exports.yaml.manifest.json.lock"), { recursive: true }); // 15 s later
  const sandbox = world.sandbox.vendors["ongage"]?.sandbox;
  for (const { id } of sandbox?.jobs() ?? []) sandbox?.configure({ polls: 0 }, id);
  // What an earlier run has left comes home although it is not asked for any more.
  put(world, contacts("a"));
  expect((await world.run(go)).code).toBe(0);
  expect(starts(world)).toBe(2);
  expect(manifest(world).map(({ state }: { state: string }) => state)).toEqual(["done", "done"]);
});

it("a start without an answer is not repeated, but reported", async () => {
  const world = await testWorld();
  world.sandbox.vendors["ongage"]?.sandbox.fault({ kind: "lostReply" });
  put(world, contacts("a"));
  expect(await world.run(go)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/was lost .*: the export may have been started/),
  });
  const again = await world.run(go);
  expect([again.code, starts(world)]).toEqual([2, 1]);
  expect(again.stderr).toContain(
    'outhaul: a: an earlier run was not told whether ongage took it. Look there, then: --again "a"\n',
  );
  expect([(await world.run([...go, "--again", "a"])).code, starts(world)]).toEqual([0, 2]);
});

it("a failed export does not stop the others, and the next run repeats it", async () => {
  const world = await testWorld();
  put(world, contacts("a"), contacts("b"));
  world.sandbox.vendors["ongage"]?.sandbox.fault({ kind: "error", status: 400 });
  const { code, stderr } = await world.run(go);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/\n\d exports: 1 saved, 1 failed\n/)]);
  expect(stderr).toMatch(/outhaul: ongage: .*400/);
  expect([(await world.run(go)).code, starts(world)]).toEqual([0, 2]);
});

it("all mistakes in the file are reported at once, with the export's name, before any request", async () => {
  const world = await testWorld();
  put(
    world,
    contacts("a", ", file_fromat: csv"),
    contacts("a"),
    contacts("a"),
    "  - { vendor: ongage, workflow: exportContact }",
    "  - { vendor: nobody, workflow: x }",
    "  - { vendor: ongage, workflow: exportContacts, options: { password: x }, request: {} }",
    "  - { vendr: ongage }",
  );
  const { code, stderr } = await world.run(go);
  expect(code).toBe(2);
  expect(stderr.trim().split("\n")).toEqual(
    [
      'outhaul: exports.yaml: a: "file_fromat" is no field of this request; did you mean "file_format"?',
      'outhaul: exports.yaml: a: there are two of this name: give each a "name"',
      'outhaul: exports.yaml: export 4: ongage has no export "exportContact"; did you mean exportContacts?',
      'outhaul: exports.yaml: export 5: there is no vendor "nobody" (outhaul vendors lists them)',
      'outhaul: exports.yaml: export 6: "options" takes listId, baseUrl, not "password"; credentials come from the environment or outhaul login',
      'outhaul: exports.yaml: export 7: there is no key "vendr"; did you mean "vendor"?',
    ].map((line) => line.replace('"vendor"?', "vendor?")),
  );
  expect(starts(world)).toBe(0);
});

it("exports of one account share its limits", async () => {
  const world = await testWorld({ jobs: { polls: 3, sizeBytes: 5000 }, enforceLimits: true });
  put(world, ...Array.from({ length: 14 }, (_, index) => contacts(`n${index}`)));
  expect((await world.run(go)).code).toBe(0);
  const statuses = world.sandbox.vendors["ongage"]?.sandbox.requests().map(({ status }) => status);
  expect(statuses).not.toContain(429);
});

it("3.5: many exports under one Ctrl-C print no warning", async () => {
  const world = await testWorld({ jobs: { polls: 0, sizeBytes: 500 } });
  put(world, ...Array.from({ length: 30 }, (_, index) => contacts(`n${index}`)));
  const { code, stderr } = await world.run([...go, "--quiet"]);
  expect([code, stderr]).toEqual([0, ""]);
});

it("saves what is inside a compressed file, where the export says so", async () => {
  const world = await testWorld({
    jobs: { polls: 1, sizeBytes: 20_000, format: "csv", gzip: true, mediaType: "application/octet-stream" },
  });
  const headers = { "content-encoding": "gzip" };
  world.sandbox.vendors["ongage"]?.sandbox.fault({ kind: "headers", on: "file", times: "always", headers });
  const gz = (name: string) => contacts(name).replace(".zip", ".gz");
  put(world, gz("a").replace("vendor:", "decompress: true, vendor:"), gz("b"));
  expect((await world.run(go)).code).toBe(0);
  const first = (name: string) => readFileSync(join(world.folder, `project/out/${name}.gz`)).subarray(0, 2);
  expect([first("a").toString("latin1") === "\x1f\x8b", first("b").toString("latin1")]).toEqual([
    false,
    "\x1f\x8b",
  ]);
  put(world, contacts("a").replace("vendor:", "parts: two, vendor:"));
  expect((await world.run(go)).stderr).toBe('outhaul: exports.yaml: a: "parts" must be auto, join, apart\n');
  put(world, contacts("a").replace("vendor:", "decompress: yes please, vendor:"));
  expect((await world.run(go)).stderr).toBe('outhaul: exports.yaml: a: "decompress" must be true or false\n');
});
