import type { Repository } from "../config/repository.js";
import type { Format } from "../text/format.js";
import { arazzo } from "./arazzo.js";
import { type PublishedStart, specFromOpenApi } from "./from-openapi/spec-from-openapi.js";
import { openapi } from "./openapi.js";
import type { NewVendor, Template } from "./options.js";
import { quirksTest, typesTest } from "./tests.js";

/**
 * Writes the files of a new vendor's spec, from the vendor's own document where there is one.
 * @returns their texts by name
 * @throws {Error} with one line, if the document does not say enough
 */
export function specFiles(
  vendor: NewVendor,
  { config, packageName }: Repository,
  format: Format,
  start?: PublishedStart,
): Map<string, string> {
  const title = titleOf(vendor.name);
  const spec = start
    ? specFromOpenApi(vendor, title, start, packageName(vendor.name))
    : specFromTemplate(vendor as Template, title, packageName(vendor.name)); // readOptions asks for both where there is no document
  const files: [string, string][] = [
    ["openapi.yaml", spec.openapi],
    ["exports.arazzo.yaml", spec.arazzo],
    ["docs.lock.json", lockOf(vendor, start?.address)],
  ];
  if (config.specTests) files.push(["quirks.test.ts", spec.quirks], ["types.test-d.ts", spec.types]);
  return new Map(files.map(([file, text]) => [file, format(file, text)]));
}

function specFromTemplate(vendor: Template, title: string, packageName: string) {
  return {
    openapi: openapi(vendor, title),
    arazzo: arazzo(vendor, title),
    quirks: quirksTest(vendor),
    types: typesTest(vendor, packageName),
  };
}

/** The first lock, which holds what the spec cites. */
function lockOf({ docs, read }: NewVendor, address: string | undefined): string {
  const lock = {
    pages: { [docs]: { read } },
    ...(address === undefined ? {} : { openapi: { [address]: { read } } }),
  };
  return `${JSON.stringify(lock, null, 2)}\n`;
}

function titleOf(name: string): string {
  return name.replace(
    /(^|-)(\w)/g,
    (_, dash: string, letter: string) => (dash && " ") + letter.toUpperCase(),
  );
}
