import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contacts, testWorld, type World } from "../testing/world.js";

const none = {
  OUTHAUL_ONGAGE_USERNAME: undefined,
  OUTHAUL_ONGAGE_PASSWORD: undefined,
  OUTHAUL_ONGAGE_ACCOUNT_CODE: undefined,
};
const config = (world: World) => join(world.folder, "config/outhaul/config.json");

it("a missing credential ends with 3, and the message says how to set it", async () => {
  const world = await testWorld();
  const { code, stderr } = await world.run(contacts, { env: none });
  expect([code, stderr]).toEqual([
    3,
    "outhaul: ongage: no username: set OUTHAUL_ONGAGE_USERNAME, or run: outhaul login ongage\n",
  ]);
  expect((await world.run(["doctor", "ongage"], { env: none })).stderr).toBe(
    "outhaul: ongage lacks username, password, accountCode: set OUTHAUL_ONGAGE_USERNAME, OUTHAUL_ONGAGE_PASSWORD, OUTHAUL_ONGAGE_ACCOUNT_CODE, or run: outhaul login ongage\n",
  );
  const carma = await world.run(["carma", "exportStatistics", "--input", "-"], {
    env: { OUTHAUL_CARMA_CUSTOMER_ID: undefined },
    input: JSON.stringify(world.sandbox.vendors["carma"]?.sandbox.examples["exportStatistics"]),
  });
  expect([carma.code, carma.stderr]).toEqual([
    2,
    expect.stringContaining("carma needs customerId: set OUTHAUL_CARMA_CUSTOMER_ID"),
  ]);
});

it("login stores credentials in a file that only the user can read, and doctor tries them", async () => {
  const world = await testWorld();
  const {
    OUTHAUL_ONGAGE_USERNAME: name,
    OUTHAUL_ONGAGE_PASSWORD: password,
    OUTHAUL_ONGAGE_ACCOUNT_CODE: account,
  } = world.env;
  const { code, stderr } = await world.run(["login", "ongage"], {
    env: none,
    input: `${name}\n${password}\n${account}\n`,
  });
  expect([code, stderr]).toEqual([0, expect.stringContaining(`Kept in ${config(world)}`)]);
  expect(statSync(config(world)).mode & 0o777).toBe(0o600);
  expect(statSync(join(world.folder, "config/outhaul")).mode & 0o777).toBe(0o700);
  const { stdout } = await world.run(["doctor", "ongage"], { env: none });
  expect(stdout).toContain(`  password       from ${config(world)}\n`);
  expect(stdout).toContain("They are accepted: GET /api/segments answered 200.\n");
  expect(await world.run([...contacts, "-o", "exports/"], { env: none })).toMatchObject({ code: 0 });
  const json = JSON.parse((await world.run(["doctor", "ongage", "--json"])).stdout);
  expect(json).toMatchObject({ verdict: "accepted", found: { password: "environment", listId: "default" } });
  expect(
    await world.run(["doctor", "ongage"], { env: { ...none, OUTHAUL_ONGAGE_PASSWORD: "wrong" } }),
  ).toMatchObject({ code: 3, stderr: "outhaul: ongage refuses them: GET /api/segments answered 401\n" });
});

it("login accepts another way to sign in, and lists the ways", async () => {
  const world = await testWorld();
  const key = await world.run(["login", "ongage", "--with", "apiKey", "--no-check"], {
    env: none,
    input: "key-1\n",
  });
  expect(key.code).toBe(0);
  expect(JSON.parse(readFileSync(config(world), "utf8"))).toEqual({ ongage: { apiKey: "key-1" } });
  expect(await world.run(["login", "ongage", "--with", "token"])).toMatchObject({
    code: 2,
    stderr:
      'outhaul: ongage has no credential "token"; there are: username, password, accountCode; or apiKey\n',
  });
  expect(await world.run(["login", "ongage"], { input: "only-a-name\n" })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(
      "no password on standard input; a line each is expected: username, password, accountCode",
    ),
  });
});

it("a config file that others can read, or that is damaged, is refused", async () => {
  const world = await testWorld();
  await world.run(["login", "ongage", "--with", "apiKey", "--no-check"], { input: "key-1\n" });
  chmodSync(config(world), 0o640);
  expect(await world.run(contacts, { env: none })).toMatchObject({
    code: 3,
    stderr: `outhaul: ${config(world)} can be read by others, so it is not used: chmod 600 ${config(world)}\n`,
  });
  chmodSync(config(world), 0o600);
  writeFileSync(config(world), "{");
  expect(await world.run(contacts, { env: none })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("is damaged"),
  });
});

it.each(["", "null", "[]", '{"ongage":null}', '{"ongage":["x"]}'])(
  "4.9: a damaged config file is named, with what to do: %s",
  async (text) => {
    const world = await testWorld();
    await world.run(["login", "ongage", "--with", "apiKey", "--no-check"], { input: "key-1\n" });
    writeFileSync(config(world), text);
    for (const args of [
      ["doctor", "ongage"],
      ["login", "ongage"],
    ])
      expect(await world.run(args, { env: none, input: "a\nb\nc\n" })).toMatchObject({
        code: 3,
        stderr: expect.stringContaining(
          `outhaul: ${config(world)} is damaged: mend it, or remove it and log in again\n`,
        ),
      });
    expect(readFileSync(config(world), "utf8")).toBe(text);
  },
);

it("a secret renewed in the config file is read after the vendor rejects the old one", async () => {
  const world = await testWorld({ jobs: { polls: 1000, sizeBytes: 1000 } });
  const { OUTHAUL_CONNHEX_TOKEN: good = "" } = world.env;
  const env = { OUTHAUL_CONNHEX_TOKEN: undefined };
  await world.run(["login", "connhex"], { env, input: `${good}\n` });
  const { sandbox } = world.sandbox.vendors["connhex"] ?? {};
  const input = JSON.stringify(sandbox?.examples["createExport"]);
  const running = world.start(["connhex", "createExport", "--input", "-", "--poll-interval", "50ms"], {
    env,
    input,
  });
  await running.printed("1 poll");
  sandbox?.fault({ kind: "error", status: 401, on: "poll" });
  const [job] = sandbox?.jobs() ?? [];
  sandbox?.configure({ polls: 0 }, job?.id ?? "");
  expect(await running.ended).toMatchObject({ code: 0 });
});

it("no secret is in any output, error or file of state, whatever goes wrong", async () => {
  const world = await testWorld({ jobs: { polls: 1000, sizeBytes: 1000 } });
  const env = { OUTHAUL_ONGAGE_PASSWORD: "s3cret-passw0rd", OUTHAUL_ONGAGE_USERNAME: "sandbox-username" };
  const outputs = [
    await world.run(contacts, { env }), // refused
    await world.run(["doctor", "ongage"], { env }),
    await world.run(["call", "ongage", "listSegments"], { env }),
    await world.run([...contacts, "--timeout", "100ms", "--json"]),
    await world.run(["jobs", "--json"]),
  ];
  expect(outputs.map(({ code }) => code)).toEqual([3, 3, 3, 4, 0]);
  const good = Object.entries(world.env).flatMap(([name, value]) =>
    /PASSWORD|TOKEN/.test(name) ? [value] : [],
  );
  const written = [
    ...outputs.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ...world.files().values(),
  ].join("\n");
  expect(world.files().size).toBeGreaterThan(0);
  for (const secret of ["s3cret-passw0rd", ...good]) expect(written).not.toContain(secret);
});
