import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The vendors that have a spec, by name. */
export function readVendorNames(root: string): string[] {
  const specs = join(root, "specs");
  return readdirSync(specs)
    .filter((name) => existsSync(join(specs, name, "openapi.yaml")))
    .sort();
}
