import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { onTerminal } from "../testing/on-terminal.js";
import { contacts, testWorld, type World } from "../testing/world.js";

const none = {
  OUTHAUL_ONGAGE_USERNAME: undefined,
  OUTHAUL_ONGAGE_PASSWORD: undefined,
  OUTHAUL_ONGAGE_ACCOUNT_CODE: undefined,
};
const eu = ["--profile", "eu"];
const configPath = (world: World) => join(world.folder, "config/outhaul/config.json");
const config = (world: World) => JSON.parse(readFileSync(configPath(world), "utf8"));

/** The lines that sign in to the sandbox. */
function lines({ env }: World): string {
  return [env["OUTHAUL_ONGAGE_USERNAME"], env["OUTHAUL_ONGAGE_PASSWORD"], env["OUTHAUL_ONGAGE_ACCOUNT_CODE"]]
    .map((line) => `${line}\n`)
    .join("");
}

it("a profile keeps an account of its own, beside the one without a name", async () => {
  const world = await testWorld();
  const password = world.env["OUTHAUL_ONGAGE_PASSWORD"] ?? "";
  const login = await world.run(["login", "ongage", ...eu], { env: none, input: lines(world) });
  expect([login.code, login.stderr]).toEqual([
    0,
    expect.stringContaining("ongage accepts them: GET /api/segments answered 200. Kept in "),
  ]);
  expect(config(world)).toEqual({ profiles: { eu: { ongage: expect.objectContaining({ password }) } } });

  expect(await world.run([...contacts, ...eu, "-o", "{profile}.zip"], { env: none })).toMatchObject({
    code: 0,
    stdout: `${join(world.folder, "project/eu.zip")}\n`,
  });
  expect(await world.run(contacts, { env: none })).toMatchObject({ code: 3 });
  const fromEnvironment = { ...none, OUTHAUL_PROFILE: "eu" };
  expect(await world.run(["call", "ongage", "listSegments"], { env: fromEnvironment })).toMatchObject({
    code: 0,
  });
  expect(await world.run(["doctor", "ongage", ...eu], { env: none })).toMatchObject({
    stdout: expect.stringMatching(/^ {2}profile {8}eu$/m),
  });
});

it("the values of two accounts never mix: a profile does not take the environment of the account without a name", async () => {
  const world = await testWorld();
  expect(await world.run([...contacts, ...eu])).toMatchObject({
    code: 3,
    stderr: 'outhaul: ongage has no profile "eu": run outhaul login ongage --profile eu\n',
  });
  const env = { OUTHAUL_ONGAGE_PASSWORD__EU: "of-eu" };
  expect(await world.run([...contacts, ...eu], { env })).toMatchObject({
    code: 3,
    stderr:
      "outhaul: ongage: no username: set OUTHAUL_ONGAGE_USERNAME__EU, or run: outhaul login ongage --profile eu\n",
  });
  expect(await world.run([...contacts, "--profile", "ue"], { env })).toMatchObject({
    code: 3,
    stderr: 'outhaul: ongage has no profile "ue" (it has: eu): run outhaul login ongage --profile ue\n',
  });
  const whole = {
    ...none,
    OUTHAUL_ONGAGE_USERNAME__EU: world.env["OUTHAUL_ONGAGE_USERNAME"],
    OUTHAUL_ONGAGE_PASSWORD__EU: world.env["OUTHAUL_ONGAGE_PASSWORD"],
    OUTHAUL_ONGAGE_ACCOUNT_CODE__EU: world.env["OUTHAUL_ONGAGE_ACCOUNT_CODE"],
  };
  expect(await world.run(["doctor", "ongage", ...eu], { env: whole })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("from the environment (OUTHAUL_ONGAGE_PASSWORD__EU)"),
  });
});

it.each(["", "e u", "../eu", "-"])("%j is no name of a profile", async (name) => {
  const world = await testWorld();
  expect(await world.run([...contacts, `--profile=${name}`])).toMatchObject({
    code: 2,
    stderr: `outhaul: a profile is a name of letters, digits, - and _, such as eu, not "${name}"\n`,
  });
});

it("an exports file names the profile of each export, and the jobs that are left remember theirs", async () => {
  const world = await testWorld({ jobs: { polls: 1000, sizeBytes: 1000 } });
  await world.run(["login", "ongage", ...eu], { input: lines(world) });
  const request = "{ name: a, segment_id: [1], status: [active], date_format: dd/mm/yyyy, file_format: csv }";
  const one = (profile: string) =>
    `{ vendor: ongage, workflow: exportContacts, profile: ${profile}, output: "{profile}.zip", request: ${request} }`;
  writeFileSync(join(world.folder, "project/exports.yaml"), `exports: [${one("eu")}, ${one("default")}]`);
  const flags = ["exports.yaml", "--poll-interval", "20ms", "--timeout", "300ms"];
  const run = await world.run(["run", ...flags], { env: { OUTHAUL_PROFILE: "nobody" } });
  expect(run.code).toBe(4);
  const sandbox = world.sandbox.vendors["ongage"]?.sandbox;
  for (const { id } of sandbox?.jobs() ?? []) sandbox?.configure({ polls: 0 }, id);
  const again = await world.run(["run", "exports.yaml", "--poll-interval", "20ms"]);
  expect(again.code).toBe(0);
  for (const name of ["default.zip", "eu.zip"])
    expect(existsSync(join(world.folder, "project", name))).toBe(true);
  const manifest = JSON.parse(readFileSync(join(world.folder, "project/exports.yaml.manifest.json"), "utf8"));
  expect(
    new Map(manifest.exports.map(({ name, profile }: { name: string; profile?: string }) => [name, profile])),
  ).toEqual(
    new Map([
      ["ongage exportContacts", undefined],
      ["ongage exportContacts (eu)", "eu"],
    ]),
  );

  const detached = await world.run([...contacts, ...eu, "--detach", "-o", "later.zip"], { env: none });
  expect(detached.code).toBe(0);
  expect((await world.run(["jobs"], { env: none })).stdout).toMatch(
    /^vendor +profile +export.*\n.*\nongage +eu /,
  );
  for (const { id } of sandbox?.jobs() ?? []) sandbox?.configure({ polls: 0 }, id);
  const token = detached.stdout.trim();
  expect(await world.run(["status", token, "--profile", "us"], { env: none })).toMatchObject({
    code: 2,
    stderr: "outhaul: this export was started with the profile eu, not with us\n",
  });
  expect(await world.run(["resume", "--all", "--poll-interval", "20ms"], { env: none })).toMatchObject({
    code: 0,
  });
  expect(existsSync(join(world.folder, "project/later.zip"))).toBe(true);
});

it("two accounts may have an export of one id: neither record takes the place of the other", async () => {
  const world = await testWorld();
  await world.run(["login", "ongage", ...eu], { input: lines(world) });
  const detached = await world.run([...contacts, ...eu, "--detach"]);
  const [name = ""] = readdirSync(join(world.folder, "state/outhaul/jobs"));
  const another = await testWorld(); // its ids begin with the same
  const env = { OUTHAUL_ONGAGE_BASE_URL: another.env["OUTHAUL_ONGAGE_BASE_URL"] };
  const other = await world.run([...contacts, "--detach"], { env });
  const names = readdirSync(join(world.folder, "state/outhaul/jobs"));
  expect([names.length, names.includes(name)]).toEqual([2, true]);
  const jobs = JSON.parse((await world.run(["jobs", "--json"])).stdout);
  expect(new Set(jobs.map(({ id }: { id: string }) => id)).size).toBe(1);
  const [{ id }] = jobs;
  expect(await world.run(["status", id])).toMatchObject({
    code: 2,
    stderr: `outhaul: several exports have the id ${id}: give the token of one (outhaul jobs --json)\n`,
  });
  await world.run(["jobs", "forget", other.stdout.trim()]);
  const left = JSON.parse((await world.run(["jobs", "--json"])).stdout);
  expect(left).toMatchObject([{ profile: "eu", token: detached.stdout.trim() }]);
});

it("login keeps nothing that the vendor refuses, or that could not be tried, unless it is told to", async () => {
  const world = await testWorld();
  const input = "somebody\nwrong\n1\n";
  expect(await world.run(["login", "ongage"], { env: none, input })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(
      "outhaul: ongage refuses them: GET /api/segments answered 401; nothing was kept (--no-check keeps them all the same)\n",
    ),
  });
  const down = { ...none, OUTHAUL_ONGAGE_BASE_URL: "http://127.0.0.1:9" };
  expect(await world.run(["login", "ongage"], { env: down, input })).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("They could not be tried, so nothing was kept; --no-check keeps them"),
  });
  expect(existsSync(configPath(world))).toBe(false);
  expect(await world.run(["login", "ongage", "--no-check"], { env: none, input })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("They were not tried. Kept in "),
  });
  expect(config(world)).toEqual({ ongage: { username: "somebody", password: "wrong", accountCode: "1" } });
});

it("login with another way takes the place of the first, and says when the environment goes before it", async () => {
  const world = await testWorld();
  const key = ["login", "ongage", "--with", "apiKey", "--no-check"];
  await world.run(["login", "ongage"], { env: none, input: lines(world) });
  await world.run(key, { env: none, input: "key-1\n" });
  expect(config(world)).toEqual({ ongage: { apiKey: "key-1" } });
  const { stderr } = await world.run(key, { input: "key-2\n" });
  expect(stderr).toContain(
    "The environment goes before them, as long as it has OUTHAUL_ONGAGE_USERNAME, OUTHAUL_ONGAGE_PASSWORD, OUTHAUL_ONGAGE_ACCOUNT_CODE.\n",
  );
});

it("at the terminal only secrets are hidden while they are typed", async () => {
  const world = await testWorld();
  const { pty, ended, shows } = onTerminal(world, ["login", "ongage"], { ...none, CI: undefined });
  const answers: [RegExp, string | undefined][] = [
    [/ongage username:/, world.env["OUTHAUL_ONGAGE_USERNAME"]],
    [/ongage password/, world.env["OUTHAUL_ONGAGE_PASSWORD"]],
    [/ongage accountCode:/, world.env["OUTHAUL_ONGAGE_ACCOUNT_CODE"]],
  ];
  for (const [question, answer] of answers) {
    await shows(question);
    pty.write(`${answer}\r`);
  }
  const { code, screen } = await ended;
  expect(code).toBe(0);
  expect(stripVTControlCharacters(screen)).toContain(`username: ${world.env["OUTHAUL_ONGAGE_USERNAME"]}`);
  expect(screen).not.toContain(world.env["OUTHAUL_ONGAGE_PASSWORD"]);
});

it("logout removes an account, and says what the environment still has", async () => {
  const world = await testWorld();
  await world.run(["login", "ongage"], { env: none, input: lines(world) });
  await world.run(["login", "ongage", ...eu], { env: none, input: lines(world) });
  expect(await world.run(["logout", "ongage", ...eu], { env: none })).toMatchObject({
    code: 0,
    stderr: `ongage (eu) is removed from ${configPath(world)}.\n`,
  });
  expect(Object.keys(config(world))).toEqual(["ongage"]);
  expect(await world.run(["logout", "ongage", ...eu], { env: none })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('ongage has no profile "eu"'),
  });
  expect((await world.run(["logout", "ongage"])).stderr).toBe(
    `ongage is removed from ${configPath(world)}.\nThe environment still has OUTHAUL_ONGAGE_USERNAME, OUTHAUL_ONGAGE_PASSWORD, OUTHAUL_ONGAGE_ACCOUNT_CODE, which this cannot remove.\n`,
  );
  expect((await world.run(["logout", "ongage"], { env: none })).stderr).toBe(
    `${configPath(world)} has nothing of ongage.\n`,
  );
});

it("whoami lists the accounts and where their credentials come from, and no secret", async () => {
  const world = await testWorld();
  const { OUTHAUL_ONGAGE_USERNAME: name, OUTHAUL_ONGAGE_PASSWORD: password } = world.env;
  await world.run(["login", "ongage", ...eu], { env: none, input: lines(world) });
  const { code, stdout } = await world.run(["whoami", "ongage"], { env: { OUTHAUL_PROFILE: "eu" } });
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^ongage +default +username ${name}.* environment$`, "m"));
  expect(stdout).toMatch(new RegExp(`^ongage +eu \\* +username ${name}.* config$`, "m"));
  expect(stdout).not.toContain(password);
  const half = { ...none, OUTHAUL_ONGAGE_USERNAME: "only-a-name" };
  const json = await world.run(["whoami", "ongage", "--json"], { env: half });
  expect(JSON.parse(json.stdout)).toEqual([
    expect.objectContaining({ profile: "default", current: true, complete: false }),
    expect.objectContaining({ profile: "eu", current: false, complete: true }),
  ]);
  expect((await world.run(["whoami"])).stdout).toMatch(/^carma .*^connhex .*^ocamba .*^ongage /ms);
  const empty = await world.run(["whoami", "ongage"], { env: { ...none, XDG_CONFIG_HOME: "/nowhere" } });
  expect(empty.stdout).toBe("no credentials are kept or set: outhaul login ongage\n");
});
