import { knownVendors } from "../generated/known-vendors.js";
import { formatTable } from "../terminal/format.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine } from "../terminal/print.js";
import { installedNames, installedVendor } from "../vendors/installed-vendors.js";

/** Lists the installed vendors with their exports, and the vendors that can be installed. */
export function listVendors({ json }: { json?: boolean }, io: Io): void {
  const installed = installedNames(io.cwd).map((name) => {
    const { manifest, version } = installedVendor(name, io.cwd);
    return { name, title: manifest.title, version, exports: manifest.workflows.map(({ id }) => id) };
  });
  const available = knownVendors.filter((name) => !installed.some((one) => one.name === name));
  if (json) {
    printJson(io.stdout, { installed, available }, 2);
    return;
  }
  const rows = [
    ...installed.map(({ name, title, version, exports }) => [name, version, title, exports.join(", ")]),
    ...available.map((name) => [name, "—", "", `npm install @outhaul/${name}`]),
  ];
  printLine(io.stdout, formatTable(["vendor", "version", "name", "exports"], rows));
}
