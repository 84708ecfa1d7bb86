import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { UsageError } from "../errors/command-error.js";
import { isFilePresent, openRunManifest } from "./manifest.js";

function manifestPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "outhaul-manifest-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "m.json");
}

const entry = {
  name: "a",
  fingerprint: "f",
  vendor: "acme",
  workflow: "exportAll",
  state: "failed",
  options: {},
  target: "/tmp/",
  startedAt: "2026-11-22T08:00:00Z",
};

it("2.12: a manifest that cannot be read is no first run, and a file that cannot be looked at is not gone", async () => {
  const path = manifestPath();
  await (await openRunManifest(path, () => {})).release();
  mkdirSync(path); // reading it answers EISDIR, also to root
  await expect(openRunManifest(path, () => {})).rejects.toThrow(
    new UsageError(
      `cannot read ${path}, which says what is done already: illegal operation on a directory (EISDIR)`,
    ),
  );
  const done = { ...entry, state: "done", sizeBytes: 1 } as const;
  expect(isFilePresent({ ...done, file: join(path, "none") })).toBe(false);
  expect(() => isFilePresent({ ...done, file: join(path, "x".repeat(300)) })).toThrow("ENAMETOOLONG");
});

it("a folder of parts is there as long as no byte of them is missing", () => {
  const folder = join(manifestPath(), "..", "contacts");
  mkdirSync(folder);
  for (const part of [1, 2]) writeFileSync(join(folder, `contacts.part-000${part}.csv`), "id\n1\n");
  const done = { ...entry, state: "done", file: folder } as const;
  expect(isFilePresent({ ...done, sizeBytes: 10 })).toBe(true);
  rmSync(join(folder, "contacts.part-0002.csv"));
  expect(isFilePresent({ ...done, sizeBytes: 10 })).toBe(false);
});

it.each([
  ["null", null],
  ["a text", "x"],
  ["without options", { ...entry, options: undefined }],
  ["options of numbers", { ...entry, options: { listId: 7 } }],
  ["an unknown state", { ...entry, state: "dne" }],
  ["a running export without a token", { ...entry, state: "running" }],
  ["half a token", { ...entry, state: "running", token: "v1.e30" }],
  ["a time that is no text", { ...entry, startedAt: 5 }],
])("4.9: a damaged entry is named with its file: %s", async (_, damaged) => {
  const path = manifestPath();
  writeFileSync(path, JSON.stringify({ version: 1, exports: [entry, damaged] }));
  await expect(openRunManifest(path, () => {})).rejects.toThrow(
    /m\.json: entry 2( \("a"\))? is damaged: mend it, or look for the export at the vendor and remove the entry$/,
  );
});

it.each(["", "{", "null", "[]", '{"version":1}', '{"version":1,"exports":{}}'])(
  "4.9: a file that is no manifest is refused: %s",
  async (text) => {
    const path = manifestPath();
    writeFileSync(path, text);
    await expect(openRunManifest(path, () => {})).rejects.toThrow(
      new UsageError(`${path} is no manifest of outhaul run: name another one with --manifest`),
    );
  },
);
