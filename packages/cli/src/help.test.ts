import { describe, expect, it } from "vitest";
import { createProgram, runProgram } from "./program.js";
import type { Io } from "./terminal/io.js";
import { root, runHere } from "./testing/world.js";

const helpOf = async (args: readonly string[]) => (await runHere(args)).stdout;

const io: Io = { env: {}, cwd: root, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
const vendors = ["carma", "connhex", "ocamba", "ongage"];
const pages = [
  [],
  ...createProgram([], io)
    .commands.map((command) => [command.name()])
    .filter(([name]) => name !== "completion-server"),
  ...vendors.flatMap((vendor) => [
    [vendor],
    ["call", vendor],
    ...(
      createProgram([vendor], io).commands.find((command) => command.name() === vendor)?.commands ?? []
    ).map((command) => [vendor, command.name()]),
  ]),
  ["call", "ongage", "listSegments"],
];

describe("the help pages are as in the snapshots", () => {
  it.each(pages.map((page) => [page.join(" ") || "outhaul", page] as const))("%s", async (name, page) => {
    const text = (await helpOf([...page, "--help"]))
      .replace(/\(@outhaul\/(\w+) \d[^)]*\)/g, "(@outhaul/$1)") // releases change it
      .replace(/( {2}outhaul [\w-]+ --help\n)+/, "  outhaul <vendor> --help\n"); // so do new vendors
    await expect(text).toMatchFileSnapshot(`help-pages/${name.replaceAll(" ", "-")}.txt`);
  });
});

it("the help of an export names the vendor's page and every field", async () => {
  const text = await helpOf(["ongage", "exportContacts", "--help"]);
  expect(text).toContain("https://ongage.atlassian.net/wiki/spaces/HELP/pages/1027997823/Export+API+Methods");
  for (const flag of ["--name <text>", "--segment-id <integer>", "--fields-selected <string>"])
    expect(text).toContain(flag);
});

it("help, version, -v and -V say what the flags say", async () => {
  const version = (await runHere(["--version"])).stdout;
  expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
  for (const word of ["version", "-v", "-V"])
    expect(await runHere([word])).toMatchObject({ code: 0, stdout: version });
  for (const page of [[], ["run"], ["ongage"], ["ongage", "exportContacts"], ["call", "ongage"]])
    expect(await runHere(["help", ...page])).toMatchObject({
      code: 0,
      stdout: await helpOf([...page, "--help"]),
    });
  expect(await runHere(["help", "runn"])).toMatchObject({ code: 2, stderr: expect.stringContaining("run") });
});

it.each([60, 80, 120])("help is wrapped to a terminal of %i columns", async (columns) => {
  let text = "";
  const stdout = { columns, write: (more: string) => (text += more) } as unknown as NodeJS.WriteStream;
  await runProgram(["--help"], { ...io, stdout });
  const longest = Math.max(...text.split("\n").map((line) => line.length));
  expect(longest).toBeLessThanOrEqual(columns);
  expect(longest).toBeGreaterThan(columns - 15);
});

it.each(pages.map((page) => [page.join(" ") || "outhaul", page] as const))(
  "the help of %s fits a terminal of 60 columns, but for commands and words that cannot be cut",
  async (_, page) => {
    let text = "";
    const stdout = { columns: 60, write: (more: string) => (text += more) } as unknown as NodeJS.WriteStream;
    await runProgram([...page, "--help"], { ...io, stdout });
    const copied = /https?:|^Usage: |^ {2,}(outhaul|source|--) ?|^ *\S+$/;
    expect(text.split("\n").filter((line) => line.length > 60 && !copied.test(line))).toEqual([]);
  },
);
