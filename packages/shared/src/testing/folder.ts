import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** For the tests: an empty directory that is gone after its test. */
export interface TestFolder {
  readonly path: string;
  file(name: string): string;
  /** All names in it, hidden ones as well. */
  names(): Promise<string[]>;
  read(name: string): Promise<Buffer>;
}

export async function testFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), "outhaul-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return {
    path,
    file: (name) => join(path, name),
    names: async () => (await readdir(path)).sort(),
    read: (name) => readFile(join(path, name)),
  };
}
