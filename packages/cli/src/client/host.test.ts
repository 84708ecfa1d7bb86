import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contacts, testWorld } from "../testing/world.js";

const noBaseUrl = {
  OUTHAUL_ONGAGE_BASE_URL: undefined,
  OUTHAUL_CONNHEX_BASE_URL: undefined,
  OUTHAUL_CARMA_BASE_URL: undefined,
};
const refusal = (origin: string, allow: string, variable: string) =>
  `the credentials would go to ${origin}, which is not named beside them: if it may have them, give --allow-host ${allow}, or set ${variable} in the environment\n`;

it.each([
  ["another host", "https://evil.invalid", "https://evil.invalid", "evil.invalid"],
  ["another port", "https://api.ongage.net:444", "https://api.ongage.net:444", "api.ongage.net:444"],
  [
    "plain HTTP",
    "http://api.ongage.net",
    "http://api.ongage.net, readable on the way",
    "http://api.ongage.net",
  ],
])("4.8: no credentials go to %s that a flag or a file names", async (_, baseUrl, origin, allow) => {
  const world = await testWorld();
  const stderr = expect.stringContaining(refusal(origin, allow, "OUTHAUL_ONGAGE_BASE_URL"));
  const flag = ["--base-url", baseUrl];
  for (const args of [contacts, ["call", "ongage", "listSegments"]])
    expect(await world.run([...args, ...flag], { env: noBaseUrl })).toMatchObject({ code: 3, stderr });
  const one = `{ vendor: ongage, workflow: exportContacts, options: { baseUrl: "${baseUrl}" }, request: { name: a, segment_id: [1], status: [active], date_format: dd/mm/yyyy, file_format: csv } }`;
  writeFileSync(join(world.folder, "project/exports.yaml"), `exports: [${one}]`);
  for (let run = 0; run < 2; run++)
    expect(await world.run(["run", "exports.yaml"])).toMatchObject({ code: 3, stderr });
});

it("4.8: no credentials go where a variable of the vendor's server leads", async () => {
  const world = await testWorld();
  const input = (vendor: string, id: string) =>
    JSON.stringify(world.sandbox.vendors[vendor]?.sandbox.examples[id]);
  expect(
    await world.run(["connhex", "createExport", "--domain", "evil.invalid", "--input", "-"], {
      env: noBaseUrl,
      input: input("connhex", "createExport"),
    }),
  ).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(
      refusal("https://apis.evil.invalid", "apis.evil.invalid", "OUTHAUL_CONNHEX_DOMAIN"),
    ),
  });
  expect(
    await world.run(["carma", "exportStatistics", "--server", "evil.invalid", "--input", "-"], {
      env: { ...noBaseUrl, OUTHAUL_CARMA_SERVER: undefined },
      input: input("carma", "exportStatistics"),
    }),
  ).toMatchObject({ code: 3, stderr: expect.stringContaining("OUTHAUL_CARMA_SERVER") });
});

it("4.8: a host that is named beside the credentials, an option that keeps the host, and loopback go on", async () => {
  const world = await testWorld();
  const call = (more: string[], env: Record<string, string | undefined> = noBaseUrl) =>
    world.run(["call", "ongage", "listSegments", ...more], { env });
  const loopback = world.env["OUTHAUL_ONGAGE_BASE_URL"] ?? "";
  // It leads to this machine, and its name does not say so.
  const named = loopback.replace("127.0.0.1", "0.0.0.0");
  const flag = ["--base-url", named];
  const inEnvironment = { OUTHAUL_ONGAGE_BASE_URL: named };
  expect(await call(flag)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`--allow-host ${named}`),
  });
  for (const [more, env] of [
    [[...flag, "--allow-host", named], noBaseUrl],
    [[...flag, "--allow-host", "x.invalid", "--allow-host", named], noBaseUrl],
    [flag, inEnvironment],
    [[], inEnvironment],
    [["--list-id", "7"], inEnvironment],
    [["--base-url", loopback], noBaseUrl],
  ] as const)
    expect(await call([...more], env)).toMatchObject({ code: 0, stderr: "" });
  expect(await call([...flag, "--allow-host", "a b"])).toMatchObject({
    code: 2,
    stderr: 'outhaul: --allow-host takes a host such as proxy.example, or http://host:port, not "a b"\n',
  });
});
