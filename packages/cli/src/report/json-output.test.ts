import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect, it } from "vitest";
import { contacts, root, testWorld } from "../testing/world.js";

const schema = JSON.parse(readFileSync(join(root, "packages/cli/schemas/json-output.json"), "utf8"));
const ajv = new Ajv2020({ allErrors: true, strict: true });
formats.default(ajv);
ajv.addSchema(schema, "output");

/** Checks a value against a definition of the schema. */
function expectToFit(value: unknown, definition: string): void {
  const validate = ajv.getSchema(`output#/$defs/${definition}`);
  validate?.(value);
  expect({ value, errors: validate?.errors }).toEqual({ value, errors: null });
}

/** The types of the lines, each of which fits the schema. */
function typesOf(stdout: string): string[] {
  const lines = stdout.trim().split("\n");
  return lines.map((line) => {
    const event = JSON.parse(line);
    expectToFit(event, "event");
    return event.type;
  });
}

it("every line of an export fits the schema that is shipped, and has no field that it does not know", async () => {
  const world = await testWorld({ jobs: { polls: 2, sizeBytes: 200_000 } });
  const sandbox = world.sandbox.vendors["ongage"]?.sandbox;
  sandbox?.fault({ kind: "error", status: 500, on: "poll" });
  sandbox?.fault({ kind: "cutConnection" });
  const done = await world.run([...contacts, "--json", "--sha256"]);
  expect(new Set(typesOf(done.stdout))).toEqual(
    new Set(["started", "pollFailed", "status", "poll", "download", "downloadRetry", "saved"]),
  );
  const left = await world.run([...contacts, "--json", "--timeout", "1ms"]);
  expect(typesOf(left.stdout).at(-1)).toBe("error");

  const request = "{ name: a, segment_id: [1], status: [active], date_format: dd/mm/yyyy, file_format: csv }";
  const one = `{ name: one, vendor: ongage, workflow: exportContacts, output: one.zip, request: ${request} }`;
  writeFileSync(join(world.folder, "project/exports.yaml"), `exports: [${one}]`);
  const run = ["run", "exports.yaml", "--json", "--poll-interval", "20ms"];
  await world.run([...run, "--timeout", "1ms"]);
  expect(typesOf((await world.run(run)).stdout)).toContain("resumed");
  expect(typesOf((await world.run(run)).stdout)).toEqual(["skipped"]);
});

it("what the other commands print fits it, too", async () => {
  const world = await testWorld();
  const printed = async (...args: string[]) => JSON.parse((await world.run([...args, "--json"])).stdout);
  expectToFit(await printed(...contacts, "--dry-run"), "dryRun");
  const token = (await world.run([...contacts, "--detach"])).stdout.trim();
  const jobs = await printed("jobs");
  expect(jobs).toHaveLength(1);
  expectToFit(jobs, "jobs");
  expectToFit(await printed("status", token), "status");
  expectToFit(await printed("cancel", token), "cancel");
  expectToFit(await printed("jobs", "forget", jobs[0].key), "forgotten");
  expectToFit(await printed("vendors"), "vendors");
  expectToFit(await printed("doctor", "ongage"), "doctor");
  expectToFit(await printed("doctor", "connhex", "--profile", "eu"), "doctor");
  const accounts = await printed("whoami");
  expect(accounts.length).toBeGreaterThan(3);
  expectToFit(accounts, "whoami");
});

it("what is no output of the program does not fit it", () => {
  for (const value of [{ type: "saved" }, { type: "other" }, {}, []])
    expect(ajv.getSchema("output#/$defs/event")?.(value)).toBe(false);
});
