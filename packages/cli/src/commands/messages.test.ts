import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contacts, testWorld } from "../testing/world.js";

it("what is wrong with the place of a file is told before anything is started", async () => {
  const world = await testWorld();
  const project = join(world.folder, "project");
  writeFileSync(join(project, "there.zip"), "old");
  const places: [string, string][] = [
    [
      "there.zip",
      `download: ${project}/there.zip is there already; --overwrite replace takes its place, --overwrite rename saves beside it`,
    ],
    ["there.zip/f.zip", `download: cannot save into ${project}/there.zip: not a directory (ENOTDIR)`],
    [
      "/dev/null",
      "download: /dev/null is no file but a device, a pipe or a socket; --output - writes to stdout",
    ],
    ["/proc/f.zip", "cannot save into /proc: no such file or directory (ENOENT)"],
    ["/proc/none/f.zip", "cannot make the folder /proc/none: no such file or directory (ENOENT)"],
  ];
  for (const [place, message] of places)
    expect(await world.run([...contacts, "-o", place])).toEqual({
      code: 6,
      stdout: "",
      stderr: `outhaul: ${message}\n`,
    });
  expect(world.sandbox.vendors["ongage"]?.sandbox.jobs()).toEqual([]);
  expect(readFileSync(join(project, "there.zip"), "utf8")).toBe("old");
  expect(await world.run([...contacts, "-o", "a/b/{date}/f.zip"])).toMatchObject({ code: 0 });
  expect(readdirSync(join(project, "a/b"))).toHaveLength(1);
});

it("an option that the client refuses is named as the user gave it, with its value", async () => {
  const world = await testWorld();
  const problem = "is no http(s) address without user, query and fragment\n";
  const env = { OUTHAUL_ONGAGE_BASE_URL: "foo" };
  expect(await world.run(["doctor", "ongage"], { env })).toMatchObject({
    code: 2,
    stderr: `outhaul: ongage: OUTHAUL_ONGAGE_BASE_URL ("foo") ${problem}`,
  });
  expect(await world.run([...contacts, "--base-url", "ftp://bar"])).toMatchObject({
    code: 2,
    stderr: `outhaul: ongage: baseUrl ("ftp://bar") ${problem}`,
  });
  const secret = { OUTHAUL_ONGAGE_BASE_URL: "https://ann:s3cret@vendor.example" };
  const { stderr } = await world.run(["doctor", "ongage"], { env: secret });
  expect(stderr).toBe(`outhaul: ongage: OUTHAUL_ONGAGE_BASE_URL ${problem}`);
});

it("a file that was refused once the export was done is ready at the vendor, not under way there", async () => {
  // Of several polls, so that the one at the end of the time is not the last.
  const world = await testWorld({ jobs: { polls: 5, sizeBytes: 20_000 } });
  const refused = await world.run([...contacts, "--require-integrity", "digest"]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain(
    "its file is ready at the vendor; bring it home with:\n  outhaul resume v1.",
  );
  expect(refused.stderr).toContain("but --require-integrity asks for");
  const left = await world.run([...contacts, "--timeout", "1ms"]);
  expect(left.stderr).toContain("the export goes on at the vendor; bring it home with:\n");
  expect(left.stderr).not.toContain("error's token");
  const json = JSON.parse((await world.run(["jobs", "--json"])).stdout);
  expect(json.map(({ state }: { state: string }) => state)).toEqual(["left", "left"]);
});

it("where nothing can be recorded, an export runs all the same, with a warning", async () => {
  const world = await testWorld();
  const env = { XDG_STATE_HOME: "/proc/state", XDG_CONFIG_HOME: "/proc/config", HOME: "/proc/home" };
  const { code, stderr, stdout } = await world.run([...contacts, "-o", "f.zip"], { env });
  expect([code, stdout]).toEqual([0, `${join(world.folder, "project/f.zip")}\n`]);
  expect(stderr).toContain(
    "outhaul: cannot make the folder /proc/state/outhaul/jobs: no such file or directory (ENOENT). So this export will not be among outhaul jobs: keep its token, or set XDG_STATE_HOME to a folder that can be written\n",
  );
  expect(existsSync(join(world.folder, "project/f.zip"))).toBe(true);
  const detached = await world.run([...contacts, "--detach"], { env });
  const token = detached.stdout.trim();
  expect(await world.run(["resume", token, "-o", "g.zip", "--poll-interval", "20ms"], { env })).toMatchObject(
    {
      code: 0,
    },
  );
  expect((await world.run(["jobs"], { env })).stdout).toBe("no export is under way or was left\n");
  const login = await world.run(["login", "ongage", "--no-check"], { env, input: "a\nb\nc\n" });
  expect(login).toMatchObject({ code: 6, stderr: expect.stringContaining("cannot make the folder /proc/") });
});
