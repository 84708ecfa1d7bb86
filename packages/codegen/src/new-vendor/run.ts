import { mkdirSync, writeFileSync } from "node:fs";
import { run as generate } from "../generate/run.js";
import { createFormat } from "../text/format.js";
import { specFiles } from "./files.js";
import { type NewVendor, readOptions, USAGE } from "./options.js";

/** What `npm run new-vendor` does, but for npm's part. @returns the exit code, and the vendor where there is one now */
export async function newVendor(
  root: string,
  args: readonly string[],
  today: Date,
  print: (line: string) => void,
): Promise<{ code: number; vendor?: NewVendor }> {
  if (args.includes("--help")) {
    print(USAGE);
    return { code: 0 };
  }
  let vendor: NewVendor;
  try {
    vendor = readOptions(args, root, today);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return { code: 2 };
  }
  const folder = `${root}/specs/${vendor.name}`;
  mkdirSync(folder);
  for (const [file, text] of specFiles(vendor, createFormat(`${root}/biome.json`)))
    writeFileSync(`${folder}/${file}`, text);
  return { code: await generate(root, [vendor.name], print), vendor };
}
