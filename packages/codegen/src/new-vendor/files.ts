import type { Repository } from "../config/repository.js";
import type { Format } from "../text/format.js";
import { arazzo } from "./arazzo.js";
import { openapi } from "./openapi.js";
import type { NewVendor } from "./options.js";
import { quirksTest, typesTest } from "./tests.js";

/** Writes the files of a new vendor's spec. @returns their texts by name */
export function specFiles(
  vendor: NewVendor,
  { config, packageName }: Repository,
  format: Format,
): Map<string, string> {
  const files: [string, string][] = [
    ["openapi.yaml", openapi(vendor, titleOf(vendor.name))],
    ["exports.arazzo.yaml", arazzo(vendor, titleOf(vendor.name))],
    ["docs.lock.json", `${JSON.stringify({ pages: { [vendor.docs]: { read: vendor.read } } }, null, 2)}\n`],
  ];
  if (config.specTests)
    files.push(
      ["quirks.test.ts", quirksTest(vendor)],
      ["types.test-d.ts", typesTest(vendor, packageName(vendor.name))],
    );
  return new Map(files.map(([file, text]) => [file, format(file, text)]));
}

function titleOf(name: string): string {
  return name.replace(
    /(^|-)(\w)/g,
    (_, dash: string, letter: string) => (dash && " ") + letter.toUpperCase(),
  );
}
