import { spawnSync } from "node:child_process";
import { readVendors, root } from "../vendors.js";
import { type InstallSize, sizeOfPeer, sizeOfVendor } from "./install-size.js";
import { median } from "./median.js";

const PEERS = ["undici", "got", "axios", "ky"];

/** How much longer a process takes that imports a vendor package, or is the command line, beside one that does nothing. Rounds of the programs alternate. @returns imports beside those of other clients as a table */
export async function benchImports(rounds = 31): Promise<string> {
  installPeers();
  const evaluate = (text: string) => ["--input-type=module", "-e", text];
  const vendors = readVendors();
  const commandLine = `${root}packages/cli/dist/main.js`;
  const programs = new Map<string, readonly string[]>([
    ["node -e 0", evaluate("0")],
    ["an empty module", evaluate('import "./scripts/bench/empty.mjs"')],
    ["openapi-fetch", evaluate('import "openapi-fetch"')],
    ...vendors.map(({ packageName }) => [packageName, evaluate(`import "${packageName}"`)] as const),
    ...PEERS.map((name) => [name, evaluate(`import "${name}"`)] as const),
    ["outhaul --help", [commandLine, "--help"]],
    ...vendors.map(({ name }) => [`outhaul ${name} --help`, [commandLine, name, "--help"]] as const),
  ]);
  const times = new Map([...programs.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of programs) {
      const startedAt = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, {
        cwd: PEERS.includes(name) ? `${root}runtimes/bench/` : root,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stderr);
      times.get(name)?.push(performance.now() - startedAt);
    }
  }
  const base = median(times.get("node -e 0") ?? []);
  console.log(`Import or start, whole process, median of ${rounds} rounds`);
  for (const [name, all] of times) {
    const ms = median(all);
    console.log(
      `  ${name.padEnd(22)} ${ms.toFixed(1).padStart(6)} ms  ${(ms - base >= 0 ? "+" : "") + (ms - base).toFixed(1)} ms`,
    );
  }
  const added = (name: string) => `${Math.max(0, median(times.get(name) ?? []) - base).toFixed(0)} ms`;
  const row = (name: string, { packages, bytes }: InstallSize) =>
    `| ${name} | ${added(name)} | ${packages} | ${(bytes / 1e6).toFixed(1)} MB |`;
  return [
    "| a client | its import adds | packages installed | their size |",
    "|---|--:|--:|--:|",
    ...vendors.slice(0, 1).map(({ packageName }) => row(packageName, sizeOfVendor(packageName))),
    ...PEERS.map((name) => row(name, sizeOfPeer(name))),
  ].join("\n");
}

function installPeers(): void {
  const { status } = spawnSync(process.execPath, [`${root}runtimes/install.mjs`, `${root}runtimes/bench/`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("npm ci failed in runtimes/bench/");
}
