import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Repository } from "../config/repository.js";

/** The vendors that have a spec, by name. */
export function readVendorNames({ root, config }: Repository): string[] {
  const specs = join(root, config.specs);
  if (!existsSync(specs)) return [];
  return readdirSync(specs)
    .filter((name) => existsSync(join(specs, name, "openapi.yaml")))
    .sort();
}
