import { spawnSync } from "node:child_process";
import { readVendors, root } from "../vendors.js";
import { median } from "./median.js";

const ROUNDS = 31;

/** How much longer a process takes that imports a vendor package, beside one that does nothing. Rounds of the programs alternate. */
export async function benchImports(): Promise<void> {
  const programs = new Map([
    ["node -e 0", "0"],
    ["openapi-fetch", 'import "openapi-fetch"'],
    ...readVendors().map(({ packageName }) => [packageName, `import "${packageName}"`] as const),
  ]);
  const times = new Map([...programs.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, text] of programs) {
      const startedAt = performance.now();
      const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
        cwd: root,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stderr);
      times.get(name)?.push(performance.now() - startedAt);
    }
  }
  const base = median(times.get("node -e 0") ?? []);
  console.log(`Import, whole process, median of ${ROUNDS} rounds`);
  for (const [name, all] of times) {
    const ms = median(all);
    console.log(
      `  ${name.padEnd(20)} ${ms.toFixed(1).padStart(6)} ms  ${(ms - base >= 0 ? "+" : "") + (ms - base).toFixed(1)} ms`,
    );
  }
}
