import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contacts, testWorld, type World } from "../testing/world.js";

const slow = { jobs: { polls: 1000, sizeBytes: 20_000 } };
const waiting = [...contacts, "-o", "exports/"];

/** Lets the vendor's jobs be ready at the next poll. */
function finish({ sandbox }: World): void {
  for (const vendor of Object.values(sandbox.vendors))
    for (const { id } of vendor.sandbox.jobs()) vendor.sandbox.configure({ polls: 0 }, id);
}

const saved = (world: World) => readdirSync(join(world.folder, "project/exports"));

it.each(["SIGINT", "SIGTERM"] as const)(
  "%s stops waiting, prints how to resume, and leaves the vendor's job alone",
  async (signal) => {
    const world = await testWorld(slow);
    const running = world.start(waiting);
    await running.printed("1 poll");
    running.child.kill(signal);
    const { code, stdout, stderr } = await running.ended;
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/left {9}00:0\d {2}\d+ polls? .*INTERRUPTED\n/);
    const token = /outhaul resume (v1\.\S+)\n/.exec(stderr)?.[1] ?? "";
    expect(stderr).toContain(`outhaul: interrupted by ${signal}\n`);
    finish(world);
    const resumed = await world.run(["resume", token, "--poll-interval", "20ms"]);
    expect(resumed.code).toBe(0);
    expect(saved(world)).toHaveLength(1);
    expect(world.sandbox.vendors["ongage"]?.sandbox.jobs()).toHaveLength(1);
  },
);

it("a killed process leaves its token, and resume --all saves every file", async () => {
  const world = await testWorld(slow);
  const running = [world.start(waiting), world.start(waiting)];
  for (const one of running) await one.printed("1 poll");
  const jobs = async () =>
    JSON.parse((await world.run(["jobs", "--json"])).stdout) as { attended: boolean }[];
  expect((await jobs()).map(({ attended }) => attended)).toEqual([true, true]);
  expect(await world.run(["resume", "--all"])).toMatchObject({ code: 0, stderr: "no export was left\n" });
  for (const one of running) {
    one.child.kill("SIGKILL");
    await one.ended;
  }
  // A place below the folder that the user stands in is told from there.
  const row = (place: string) => new RegExp(`ongage {2}exportContacts {2}\\d+ +left +[\\d:]+ +${place}`);
  expect((await world.run(["jobs"])).stdout).toMatch(row("\\./"));
  expect((await world.run(["jobs"], { cwd: world.folder })).stdout).toMatch(row("\\./project/"));
  expect((await world.run(["jobs"], { cwd: "/dev" })).stdout).toMatch(row("/.*/project/"));
  finish(world);
  const home = await world.run(["resume", "--all", "--poll-interval", "20ms"], { cwd: world.folder });
  expect([home.code, home.stdout.trim().split("\n").length]).toEqual([0, 2]);
  expect(saved(world)).toHaveLength(2);
  expect(await jobs()).toEqual([]);
});

it("a start that a kill left without an answer is listed, and nothing is started again", async () => {
  const world = await testWorld(slow);
  world.sandbox.vendors["ongage"]?.sandbox.fault({ kind: "hang", on: "start" });
  const running = world.start(waiting);
  await expect
    .poll(() => world.sandbox.vendors["ongage"]?.sandbox.requests().length, { timeout: 20_000 })
    .toBe(1);
  running.child.kill("SIGKILL");
  await running.ended;
  const { stdout } = await world.run(["jobs"]);
  expect(stdout).toMatch(/ongage {2}exportContacts {2}start-\w{8} {2}unanswered/);
  expect(stdout).toContain("the vendor may have taken it");
  expect(await world.run(["resume", "--all"])).toMatchObject({ code: 0, stderr: "no export was left\n" });
  expect(world.sandbox.vendors["ongage"]?.sandbox.requests()).toHaveLength(1);
});

it("an interrupted start says that a job may exist", async () => {
  const world = await testWorld(slow);
  world.sandbox.vendors["ongage"]?.sandbox.fault({ kind: "hang", on: "start" });
  const running = world.start(waiting);
  await expect
    .poll(() => world.sandbox.vendors["ongage"]?.sandbox.requests().length, { timeout: 20_000 })
    .toBe(1);
  running.child.kill("SIGINT");
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toContain(
    "ongage may have taken the export all the same: look there before you start exportContacts again",
  );
});

it("--cancel-on-interrupt asks the vendor to stop", async () => {
  const world = await testWorld(slow);
  const { sandbox } = world.sandbox.vendors["connhex"] ?? {};
  const args = [
    "connhex",
    "createExport",
    "--input",
    "-",
    "--poll-interval",
    "20ms",
    "--cancel-on-interrupt",
  ];
  const running = world.start(args, { input: JSON.stringify(sandbox?.examples["createExport"]) });
  await running.printed("1 poll");
  running.child.kill("SIGINT");
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toContain("cancel: cancelled");
  expect(stderr).not.toContain("outhaul resume");
  expect((await world.run(["jobs"])).stdout).toBe("no export is under way or was left\n");
});

it("cancel asks the vendor, and says so if the vendor has no call for it", async () => {
  const world = await testWorld(slow);
  const { sandbox } = world.sandbox.vendors["connhex"] ?? {};
  const started = await world.run(["connhex", "createExport", "--input", "-", "--detach"], {
    input: JSON.stringify(sandbox?.examples["createExport"]),
  });
  expect(await world.run(["cancel", started.stdout.trim()])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^connhex createExport \S+: cancelled\n$/),
  });
  const contact = await world.run([...contacts, "--detach"]);
  expect(await world.run(["cancel", contact.stdout.trim()])).toMatchObject({
    code: 2,
    stderr: "outhaul: ongage documents no way to stop an export; it ends by itself\n",
  });
});

it("the time-out leaves the job, and the next process resumes it", async () => {
  const world = await testWorld(slow);
  const { code, stderr } = await world.run([...waiting, "--timeout", "200ms"]);
  expect([code, stderr.includes("outhaul resume v1.")]).toEqual([4, true]);
  finish(world);
  expect(await world.run(["resume", "--all", "--poll-interval", "20ms"])).toMatchObject({ code: 0 });
  expect(saved(world)).toHaveLength(1);
});
