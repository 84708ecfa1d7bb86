import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contacts, testWorld } from "../testing/world.js";

it("4.9: a damaged job record is named with its file, and the others are listed and resumed", async () => {
  const world = await testWorld({ jobs: { polls: 0, sizeBytes: 2000 } });
  const token = (await world.run([...contacts, "--detach"])).stdout.trim();
  const folder = join(world.folder, "state/outhaul/jobs");
  const [name = ""] = readdirSync(folder);
  const record = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const damaged = {
    "cut.json": "{",
    "null.json": "null",
    "pid.json": JSON.stringify({ ...record, pid: "x" }),
    "token.json": JSON.stringify({ ...record, token: "v1.e30" }),
    "options.json": JSON.stringify({ ...record, clientOptions: null }),
    "time.json": JSON.stringify({ ...record, startedAt: "x" }),
  };
  for (const [file, text] of Object.entries(damaged)) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, "newer.json"), JSON.stringify({ v: 2 }));
  const told = Object.keys(damaged)
    .sort()
    .map(
      (file) =>
        `outhaul: ${join(folder, file)} is damaged: mend it, or look for the export at the vendor and remove the file`,
    );
  const jobs = await world.run(["jobs", "--json"]);
  expect([jobs.code, JSON.parse(jobs.stdout).length]).toEqual([2, 1]);
  expect(jobs.stderr.trim().split("\n").sort()).toEqual(told);
  const unknown = await world.run(["status", "no-such-id"]);
  expect([unknown.code, unknown.stderr.trim().split("\n").slice(1).sort()]).toEqual([2, told]);
  expect(await world.run(["status", token])).toMatchObject({ code: 0, stderr: "" });
  const resumed = await world.run(["resume", "--all"]);
  expect([resumed.code, resumed.stdout]).toEqual([2, expect.stringContaining("project/")]);
  expect(readdirSync(folder)).not.toContain(name);
});

it("2.12: job records that cannot be read are not taken for none", async () => {
  const world = await testWorld();
  mkdirSync(join(world.folder, "state/outhaul"), { recursive: true });
  writeFileSync(join(world.folder, "state/outhaul/jobs"), "a file");
  expect(await world.run(["jobs"])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^outhaul: cannot read .*jobs, where exports that were left are recorded: not a directory \(ENOTDIR\)\n$/,
    ),
  });
  expect(await world.run(contacts)).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/EEXIST|ENOTDIR/),
  });
  expect(world.sandbox.vendors["ongage"]?.sandbox.jobs()).toHaveLength(0);
  rmSync(join(world.folder, "state"), { recursive: true });
});
