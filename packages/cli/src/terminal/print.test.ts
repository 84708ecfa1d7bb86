import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { progressLine } from "../report/progress-line.js";
import { contacts, root, runHere, testWorld } from "../testing/world.js";
import { escapeJson, showControls, showControlsOfStyled, showOnOneLine } from "./controls.js";
import { formatTable } from "./format.js";

/** A title, a link and a bell; a C1 sequence; a line that is cleared; text that reads from right to left. */
const hostile = "a\u001B]0;owned\u0007b\u009B2Jc\r\u001B[2Kd\u202Egnp.exe\u2066e\u007F";
const shown = "a\\x1b]0;owned\\x07b\\x9b2Jc\\x0d\\x1b[2Kd\\u202egnp.exe\\u2066e\\x7f";
// biome-ignore lint/suspicious/noControlCharactersInRegex: no output may have them
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

it("4.1: control characters are shown, and all other text stays", () => {
  expect(showControls(hostile)).toBe(shown);
  expect(showControls("Zürich\t✓ 東京\n\u{1F600}")).toBe("Zürich\t✓ 東京\n\u{1F600}");
  expect(showOnOneLine("a\nouthaul: forged")).toBe("a\\nouthaul: forged");
  expect(showControlsOfStyled("\u001B[1mbold\u001B[22m\u001B[2J")).toBe("\u001B[1mbold\u001B[22m\\x1b[2J");
  expect(JSON.parse(escapeJson(JSON.stringify({ hostile }, null, 2)))).toEqual({ hostile });
  expect(escapeJson(JSON.stringify({ hostile }))).not.toMatch(CONTROL);
});

it("4.1: names, ids, states and problems are shown within their line and cell", () => {
  const line = progressLine(
    hostile,
    { state: hostile, id: "\u001B[8m\n1", problem: hostile, startedAt: 0 },
    0,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: styles of this program
  expect(line.replace(/\u001B\[\d+m/g, "")).not.toMatch(/[\u001B\n]/);
  expect(line).not.toContain("\u001B[8m");
  expect(formatTable(["id"], [[`${hostile}\nx`]]).split("\n")).toHaveLength(3);
});

it("4.1: what a vendor answers is shown, not obeyed, wherever it is printed", async () => {
  const world = await testWorld();
  const { sandbox } = world.sandbox.vendors["ongage"] ?? {};
  const message = `${hostile}\nouthaul: forged`;
  const outputs = [];
  sandbox?.fault({ kind: "error", status: 400, message });
  outputs.push(await world.run(contacts));
  sandbox?.fault({ kind: "error", status: 400, message });
  outputs.push(await world.run([...contacts, "--json"]));
  sandbox?.fault({ kind: "error", status: 500, message });
  outputs.push(await world.run(["call", "ongage", "listSegments"]));
  const token = (await world.run([...contacts, "--detach"])).stdout.trim();
  sandbox?.fault({ kind: "error", status: 400, message });
  outputs.push(await world.run(["status", token]));
  const headers = { "content-type": "application/json" };
  sandbox?.fault({ kind: "headers", headers });
  sandbox?.fault({ kind: "html", body: JSON.stringify({ payload: hostile }) });
  outputs.push(await world.run(["call", "ongage", "listSegments"]));
  outputs.push(await runHere([hostile]), await runHere(["jobs", hostile]), await runHere([`--${hostile}`]));
  outputs.push(await world.run(["run", `${hostile}.yaml`]));
  for (const { stdout, stderr } of outputs) {
    expect(stdout + stderr).not.toMatch(CONTROL);
    expect(stderr).not.toMatch(/^outhaul: forged/m);
  }
  expect(outputs.map(({ stderr }) => stderr).join("")).toContain("owned\\x07b");
});

it("4.1: no code writes to stdout or stderr past the writer", () => {
  const folder = join(root, "packages/cli/src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/test|^terminal\/print\.ts$|^main\.ts$/.test(file),
  );
  const writers = files.filter((file) =>
    /\b(std(out|err)|stream|output)\.write\(|console\./.test(readFileSync(join(folder, file), "utf8")),
  );
  // The bytes of a reply that the user sends to stdout.
  expect(writers).toEqual(["commands/call.ts"]);
});
