import { describe, expect, it } from "vitest";
import { createProgram } from "./program.js";
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
