import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { onTerminal } from "../testing/on-terminal.js";
import { contacts, testWorld } from "../testing/world.js";

/** The width of the live lines. The line with the token stays whole, so that it can be copied. */
const widest = (screen: string) =>
  Math.max(
    ...stripVTControlCharacters(screen)
      .split(/[\r\n]+/)
      .filter((line) => !/ {2}token {2}v1\.\S+$/.test(line))
      .map((line) => line.length),
  );

it("rewrites one coloured line in place, within the terminal's width", async () => {
  const world = await testWorld({ jobs: { polls: 2, sizeBytes: 20_000 } });
  const { ended } = onTerminal(world, [...contacts, "-o", "exports/"]);
  const { code, screen } = await ended;
  expect(code).toBe(0);
  expect(screen).toContain("\u001B[2K"); // a line was rewritten
  expect(screen).toContain("\u001B[32msaved");
  const shown = stripVTControlCharacters(screen);
  expect(shown).toMatch(/ongage exportContacts {2}\d+ {2}saved/);
  expect(
    shown
      .trim()
      .split(/[\r\n]+/)
      .at(-1),
  ).toContain("project/exports/");
  expect(widest(screen.split("/tmp/")[0] ?? "")).toBeLessThan(80);
});

it("respects NO_COLOR, a terminal that gets narrower, and Ctrl-C", async () => {
  const world = await testWorld({ jobs: { polls: 1000, sizeBytes: 20_000 } });
  const { pty, ended, shows } = onTerminal(world, contacts, { NO_COLOR: "1" });
  await shows(/\d polls?/);
  pty.resize(30, 20);
  pty.write("\u0003");
  const { code, screen } = await ended;
  expect(code).toBe(130);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must not be there
  expect(screen).not.toMatch(/\u001B\[3\dm/);
  expect(screen.replaceAll("\r\n", "")).toMatch(/outhaul resume v1\.[\w-]+\.\w+/);
});

it("a second Ctrl-C ends it at once", async () => {
  const world = await testWorld({ jobs: { polls: 1000, sizeBytes: 20_000 } });
  const { sandbox } = world.sandbox.vendors["connhex"] ?? {};
  const { writeFileSync } = await import("node:fs");
  writeFileSync(join(world.folder, "project/r.json"), JSON.stringify(sandbox?.examples["createExport"]));
  const args = [
    "connhex",
    "createExport",
    "--input",
    "r.json",
    "--poll-interval",
    "20ms",
    "--cancel-on-interrupt",
  ];
  const { pty, ended, shows } = onTerminal(world, args);
  await shows(/\d polls?/);
  sandbox?.fault({ kind: "hang", times: "always" });
  pty.write("\u0003");
  await new Promise((resolve) => setTimeout(resolve, 100));
  pty.write("\u0003");
  expect((await ended).code).toBe(130);
});

it("asks for missing credentials, and does not show a secret while it is typed", async () => {
  const world = await testWorld();
  const { OUTHAUL_ONGAGE_PASSWORD: password = "" } = world.env;
  const { pty, ended, shows } = onTerminal(world, [...contacts, "-o", "exports/"], {
    OUTHAUL_ONGAGE_PASSWORD: undefined,
  });
  await shows(/ongage password/);
  pty.write(`${password}\r`);
  const { code, screen } = await ended;
  expect(code).toBe(0);
  expect(screen).not.toContain(password);
});

it("Ctrl-C at the question ends it, and nothing was sent", async () => {
  const world = await testWorld();
  const { pty, ended, shows } = onTerminal(world, contacts, { OUTHAUL_ONGAGE_PASSWORD: undefined });
  await shows(/ongage password/);
  pty.write("\u0003");
  expect((await ended).code).toBe(130);
  expect(world.sandbox.vendors["ongage"]?.sandbox.requests()).toEqual([]);
});
