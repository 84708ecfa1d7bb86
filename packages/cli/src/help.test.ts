import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Io } from "./io.js";
import { createProgram, runProgram } from "./program.js";
import { root } from "./test-world.js";

/** What the program says to arguments, in this process. */
async function say(args: readonly string[]): Promise<string> {
  let text = "";
  const stream = new PassThrough().setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  }) as unknown as NodeJS.WriteStream; // as far as help needs one
  const io: Io = { env: {}, cwd: root, stdin: process.stdin, stdout: stream, stderr: stream };
  await runProgram(args, io);
  await new Promise((resolve) => setImmediate(resolve));
  return text;
}

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
    const text = (await say([...page, "--help"])).replace(/\(@outhaul\/(\w+) \d[^)]*\)/g, "(@outhaul/$1)");
    await expect(text).toMatchFileSnapshot(`help-pages/${name.replaceAll(" ", "-")}.txt`);
  });
});

it("the help of an export names the vendor's page and every field", async () => {
  const text = await say(["ongage", "exportContacts", "--help"]);
  expect(text).toContain("https://ongage.atlassian.net/wiki/spaces/HELP/pages/1027997823/Export+API+Methods");
  for (const flag of ["--name <text>", "--segment-id <integer>", "--fields-selected <string>"])
    expect(text).toContain(flag);
});
