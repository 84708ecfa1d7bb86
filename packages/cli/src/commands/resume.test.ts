import { expect, it } from "vitest";
import { contacts, testWorld } from "../testing/world.js";

it("resume --all prints each failure once, and ends with the code of the one that can be resumed", async () => {
  const world = await testWorld({ jobs: { polls: 1000, sizeBytes: 20_000 } });
  await world.run([...contacts, "--detach"]);
  await world.run([...contacts, "--detach"]);
  const sandbox = world.sandbox.vendors["ongage"]?.sandbox;
  const [first] = sandbox?.jobs() ?? [];
  sandbox?.configure({ polls: 0, outcome: "failed" }, first?.id);
  const { code, stderr } = await world.run(["resume", "--all", "--poll-interval", "20ms", "--timeout", "2s"]);
  const printed = stderr.split("\n").filter((line) => /^outhaul: ongage/.test(line));
  expect(printed).toHaveLength(2);
  expect(new Set(printed).size).toBe(2);
  expect(code).toBe(4);
});
