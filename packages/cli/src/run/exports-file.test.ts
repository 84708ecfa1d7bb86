import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { UsageError } from "../errors/command-error.js";
import { root } from "../testing/world.js";
import { readExportsFile } from "./exports-file.js";

const io = { env: {}, cwd: root, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
const request = {
  name: "a",
  segment_id: [1],
  status: ["active"],
  date_format: "dd/mm/yyyy",
  file_format: "csv",
};
const contacts = { vendor: "ongage", workflow: "exportContacts", request };

function exportsFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "outhaul-exports-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "exports.yaml");
  writeFileSync(file, text);
  return file;
}

it("3.6: 2,000 exports are read and checked within seconds", async () => {
  const exports = Array.from({ length: 2000 }, (_, index) => ({ name: `n${index}`, ...contacts }));
  const file = exportsFile(JSON.stringify({ exports }));
  const before = process.cpuUsage();
  expect(await readExportsFile(file, undefined, new Date(), io)).toHaveLength(2000);
  // Time of the processor; compiling each time took over 15 s.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(4000);
});

it.each([
  ["exports: [*nobody]", /nobody/],
  [
    `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nexports: [*c,*c,*c,*c,*c,*c]`,
    /alias/,
  ],
])("4.9: aliases that cannot be resolved are bad use: %s", async (text, message) => {
  const failure = await readExportsFile(exportsFile(text), undefined, new Date(), io).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(UsageError);
  expect((failure as UsageError).message).toMatch(message);
});
