import { spawnSync } from "node:child_process";
import { readVendors, root } from "../vendors.js";
import { median } from "./median.js";

const ROUNDS = 31;

/** How much longer a process takes that imports a vendor package, or is the command line, beside one that does nothing. Rounds of the programs alternate. */
export async function benchImports(): Promise<void> {
  const evaluate = (text: string) => ["--input-type=module", "-e", text];
  const vendors = readVendors();
  const commandLine = `${root}packages/cli/dist/main.js`;
  const programs = new Map<string, readonly string[]>([
    ["node -e 0", evaluate("0")],
    ["an empty module", evaluate('import "./scripts/bench/empty.mjs"')],
    ["openapi-fetch", evaluate('import "openapi-fetch"')],
    ...vendors.map(({ packageName }) => [packageName, evaluate(`import "${packageName}"`)] as const),
    ["outhaul --help", [commandLine, "--help"]],
    ...vendors.map(({ name }) => [`outhaul ${name} --help`, [commandLine, name, "--help"]] as const),
  ]);
  const times = new Map([...programs.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of programs) {
      const startedAt = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, {
        cwd: root,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stderr);
      times.get(name)?.push(performance.now() - startedAt);
    }
  }
  const base = median(times.get("node -e 0") ?? []);
  console.log(`Import or start, whole process, median of ${ROUNDS} rounds`);
  for (const [name, all] of times) {
    const ms = median(all);
    console.log(
      `  ${name.padEnd(22)} ${ms.toFixed(1).padStart(6)} ms  ${(ms - base >= 0 ? "+" : "") + (ms - base).toFixed(1)} ms`,
    );
  }
}
