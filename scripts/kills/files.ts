// What stands in the folder of a download whose process was killed.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { contentOf, partsOf } from "./server.js";

/** The size of the file. */
export const BYTES = 3 * 2 ** 20 + 1234;

const versions = [0, 1, 2].map((version) => contentOf(version, BYTES));
const joined = [0, 1, 2].map((version) =>
  Buffer.concat(
    partsOf(version).map((part, index) => (index ? part.subarray(part.indexOf("\n") + 1) : part)),
  ),
);

/** @throws where a file under a final name is of no version */
export function checkWhole(folder: string, when: string): void {
  for (const [name, version] of wholeFiles(folder)) {
    if (version < 0) throw new Error(`${when}, ${name} is not whole`);
  }
}

/** The files under final names, and which version each is; -1 for none. */
export function wholeFiles(folder: string): Map<string, number> {
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return new Map(
    names.map((name) => {
      const path = `${folder}/${name}`;
      if (statSync(path).isDirectory()) return [name, versionOfFolder(path)];
      const content = readFileSync(path);
      return [
        name,
        versions.findIndex((version, n) => version.equals(content) || joined[n]?.equals(content)),
      ];
    }),
  );
}

/** Which version a folder of parts is, with all its parts and nothing else; -1 for none. */
function versionOfFolder(path: string): number {
  const files = readdirSync(path).sort();
  return versions.findIndex((_, version) => {
    const parts = partsOf(version);
    return (
      files.length === parts.length &&
      parts.every(
        (part, index) =>
          files[index] === partName(index) && part.equals(readFileSync(`${path}/${files[index]}`)),
      )
    );
  });
}

function partName(index: number): string {
  return `file.part-000${index + 1}.csv`;
}

/** Puts a version under a name, as a save of it would. */
export function writeVersion(path: string, version: number, parts: "join" | "apart" | undefined): void {
  if (parts !== "apart") return writeFileSync(path, (parts ? joined : versions)[version] ?? "");
  mkdirSync(path);
  for (const [index, part] of partsOf(version).entries()) writeFileSync(`${path}/${partName(index)}`, part);
}

/** What is there under names that are no final ones. */
export function hiddenFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith("."));
}
