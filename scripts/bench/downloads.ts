import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { root } from "../vendors.js";
import { startNginx } from "./download-server.js";
import { median } from "./median.js";

const GIB = 2 ** 30;
const ROUNDS = 5;
const PEERS = ["outhaul", "outhaul, sha256", "fetch", "undici", "got", "axios", "ky"];

/** What one download cost its process. */
interface Cost {
  cpuSeconds: number;
  wallSeconds: number;
  peakMb: number;
}

/** 1 GiB from nginx on loopback to disk, beside other programs and clients; rounds rotate their order. */
export async function benchDownloads(): Promise<void> {
  const [nginx = "", openssl = "", time = "", curl = "", wget = "", aria2 = ""] = execFileSync(
    process.execPath,
    [
      `${root}runtimes/install.mjs`,
      `${root}runtimes/bench/`,
      ...["nginx=nginx-light", "openssl", "time", "curl", "wget", "aria2c=aria2"],
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  ).split("\n");
  const folder = `${root}.cache/bench`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const server = await startNginx({ nginx, openssl }, folder, { "1": GIB, "4": 4 * GIB });
  const { certificate } = server;
  const path = `${folder}/saved`;
  const commands = new Map<string, (url: string) => string[]>([
    ["curl", (url) => [curl, "-sS", "--cacert", certificate, "-o", path, url]],
    ["wget", (url) => [wget, "-q", "--ca-certificate", certificate, "-O", path, url]],
    ["aria2", (url) => [aria2, "-q", "--ca-certificate", certificate, "-d", folder, "-o", "saved", url]],
    ...PEERS.map((name) => {
      const command = (url: string) => [process.execPath, `${root}runtimes/bench/save.mjs`, name, url, path];
      return [name, command] as const;
    }),
  ]);

  const measure = (name: string, url: string, bytes: number): Cost => {
    rmSync(path, { force: true });
    spawnSync("sync"); // what the one before left to write is not this one's
    const command = commands.get(name)?.(url) ?? [];
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(time, ["-f", "\ncost %U %S %M", ...command], {
      encoding: "utf8",
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    });
    const wallSeconds = (performance.now() - startedAt) / 1000;
    const [, user, system, kib] = /cost ([\d.]+) ([\d.]+) (\d+)/.exec(stderr) ?? [];
    if (status !== 0 || statSync(path).size !== bytes) throw new Error(`${name} failed: ${stderr}`);
    return { cpuSeconds: Number(user) + Number(system), wallSeconds, peakMb: Number(kib) / 1024 };
  };

  try {
    for (const scheme of ["http", "https"] as const) {
      const names = [...commands.keys()];
      const costs = new Map(names.map((name) => [name, [] as Cost[]]));
      for (let round = 0; round < ROUNDS; round++) {
        const order = [...names.slice(round * 2), ...names.slice(0, round * 2)];
        for (const name of order) costs.get(name)?.push(measure(name, server.url(scheme, "1"), GIB));
      }
      console.log(`1 GiB over ${scheme} to disk, median of ${ROUNDS} rounds`);
      print(costs);
    }
    console.log("4 GiB over http to disk");
    print(
      new Map(["curl", "outhaul"].map((name) => [name, [measure(name, server.url("http", "4"), 4 * GIB)]])),
    );
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(costs: ReadonlyMap<string, readonly Cost[]>): void {
  const middle = (name: string, key: keyof Cost) => median((costs.get(name) ?? []).map((cost) => cost[key]));
  console.log(`  ${"".padEnd(16)}  CPU s    x curl    wall s   peak MB`);
  for (const name of costs.keys()) {
    const cpu = middle(name, "cpuSeconds");
    const figures = [
      cpu.toFixed(2).padStart(6),
      (cpu / middle("curl", "cpuSeconds")).toFixed(2).padStart(8),
      middle(name, "wallSeconds").toFixed(2).padStart(8),
      middle(name, "peakMb").toFixed(0).padStart(7),
    ];
    console.log(`  ${name.padEnd(16)} ${figures.join("  ")}`);
  }
}
