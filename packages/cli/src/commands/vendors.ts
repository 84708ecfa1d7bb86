import { knownVendors } from "../generated/known-vendors.js";
import { formatTable } from "../terminal/format.js";
import type { Io } from "../terminal/io.js";
import { installedNames, installedVendor } from "../vendors/installed.js";

/** Lists the vendors that are installed, with their exports, and those that could be. */
export function listVendors({ json }: { json?: boolean }, io: Io): void {
  const installed = installedNames(io.cwd).map((name) => {
    const { manifest, version } = installedVendor(name, io.cwd);
    return { name, title: manifest.title, version, exports: manifest.workflows.map(({ id }) => id) };
  });
  const others = knownVendors.filter((name) => !installed.some((one) => one.name === name));
  if (json) {
    io.stdout.write(`${JSON.stringify({ installed, available: others }, null, 2)}\n`);
    return;
  }
  const rows = [
    ...installed.map(({ name, title, version, exports }) => [name, version, title, exports.join(", ")]),
    ...others.map((name) => [name, "—", "", `npm install @outhaul/${name}`]),
  ];
  io.stdout.write(`${formatTable(["vendor", "version", "name", "exports"], rows)}\n`);
}
