import { UsageError } from "../errors/command-error.js";
import { knownVendors } from "../generated/known-vendors.js";
import { formatTable } from "../terminal/format.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine } from "../terminal/print.js";
import { installedNames, installedVendor } from "../vendors/installed-vendors.js";

/** Lists the installed vendors with their exports, and the vendors that can be installed. */
export function listVendors({ json }: { json?: boolean }, io: Io): void {
  const refused: { name: string; reason: string }[] = [];
  const installed = installedNames(io.cwd).flatMap((name) => {
    try {
      const { manifest, version, folder, origin } = installedVendor(name, io.cwd);
      const exports = manifest.workflows.map(({ id }) => id);
      return [{ name, title: manifest.title, version, exports, folder, origin }];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push({ name, reason: error.message });
      return [];
    }
  });
  const available = knownVendors.filter((name) => !installed.some((one) => one.name === name));
  if (json) {
    printJson(io.stdout, { installed, refused, available }, 2);
    return;
  }
  const rows = [
    ...installed.map(({ name, title, version, exports, folder, origin }) => [
      name,
      version,
      title,
      exports.join(", "),
      origin === "project" ? `this project: ${folder}` : folder,
    ]),
    ...available.map((name) => [name, "—", "", `npm install @outhaul/${name}`]),
  ];
  printLine(io.stdout, formatTable(["vendor", "version", "name", "exports", "loaded from"], rows));
  for (const { reason } of refused) printLine(io.stderr, `outhaul: ${reason}`);
}
