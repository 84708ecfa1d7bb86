import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { seededRandom } from "../../packages/sandbox/src/file/random.js";
import { root } from "../vendors.js";
import { startNginx } from "./download-server.js";
import { median } from "./median.js";

const GIB = 2 ** 30;
const PEERS = ["outhaul", "outhaul, sha256", "fetch", "undici", "got", "axios", "ky"];

/** What one download cost its process. */
interface Cost {
  userSeconds: number;
  /** In the kernel: mostly the file's pages, and the part that varies most from run to run. */
  systemSeconds: number;
  wallSeconds: number;
  peakMb: number;
}

/** 1 GiB from nginx on loopback to disk, beside other programs and clients; each round shuffles them. @returns the figures over HTTPS as a table */
export async function benchDownloads(rounds = 5): Promise<string> {
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
    // Without its reservation of the disk, whose undoing the next program would pay for.
    [
      "aria2",
      (url) => [
        ...[aria2, "-q", "--file-allocation=none", "--ca-certificate", certificate],
        ...["-d", folder, "-o", "saved", url],
      ],
    ],
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
    return {
      userSeconds: Number(user),
      systemSeconds: Number(system),
      wallSeconds,
      peakMb: Number(kib) / 1024,
    };
  };

  try {
    const names = [...commands.keys()];
    let table = "";
    const random = seededRandom(1);
    for (const scheme of ["http", "https"] as const) {
      const costs = new Map(names.map((name) => [name, [] as Cost[]]));
      for (let round = 0; round < rounds; round++) {
        // No program always comes after the same one.
        const order = shuffled(names, random);
        for (const name of order) {
          const url = server.url(scheme, "1");
          // The first run counts for nothing: it finds the system's memory as another program's writes have left it, cut in pieces of their size,
          // and that alone was seen to double a program's time in the kernel.
          measure(name, url, GIB);
          costs.get(name)?.push(measure(name, url, GIB));
        }
      }
      console.log(`1 GiB over ${scheme} to disk, the second of two runs, median of ${rounds} rounds`);
      print(costs);
      if (scheme === "https") table = tableOf(costs);
    }
    console.log("4 GiB over http to disk");
    print(
      new Map(["curl", "outhaul"].map((name) => [name, [measure(name, server.url("http", "4"), 4 * GIB)]])),
    );
    return table;
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function shuffled(names: readonly string[], random: () => number): string[] {
  return names
    .map((name) => ({ name, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name);
}

/** What a program cost, as texts. */
interface Figures {
  cpu: string;
  parts: string;
  ratio: string;
  wall: string;
  peak: string;
}

function* figuresOf(costs: ReadonlyMap<string, readonly Cost[]>): Generator<[string, Figures]> {
  const cpu = ({ userSeconds, systemSeconds }: Cost) => userSeconds + systemSeconds;
  const beside = (costs.get("curl") ?? []).map(cpu);
  for (const [name, rounds] of costs) {
    const middle = (figure: (cost: Cost) => number) => median(rounds.map(figure));
    // Each beside the curl of its own round: what the machine does meanwhile, it does to both.
    const ratio = median(rounds.map((cost, round) => cpu(cost) / (beside[round] ?? Number.NaN)));
    yield [
      name,
      {
        cpu: middle(cpu).toFixed(2),
        parts: `(${middle((cost) => cost.userSeconds).toFixed(2)} + ${middle((cost) => cost.systemSeconds).toFixed(2)})`,
        ratio: ratio.toFixed(2),
        wall: middle((cost) => cost.wallSeconds).toFixed(2),
        peak: middle((cost) => cost.peakMb).toFixed(0),
      },
    ];
  }
}

function print(costs: ReadonlyMap<string, readonly Cost[]>): void {
  console.log(`  ${"".padEnd(16)}  CPU s  (user + system)    x curl    wall s   peak MB`);
  for (const [name, { cpu, parts, ratio, wall, peak }] of figuresOf(costs)) {
    const figures = [
      cpu.padStart(6),
      parts.padStart(16),
      ratio.padStart(8),
      wall.padStart(8),
      peak.padStart(7),
    ];
    console.log(`  ${name.padEnd(16)} ${figures.join("  ")}`);
  }
}

/** The same as a table in Markdown, for those who read it beside other costs. */
function tableOf(costs: ReadonlyMap<string, readonly Cost[]>): string {
  return [
    "| 1 GiB over HTTPS to disk | CPU, s | × curl | wall, s | memory, MB |",
    "|---|--:|--:|--:|--:|",
    ...[...figuresOf(costs)].map(([name, { cpu, ratio, wall, peak }]) =>
      ["", name, cpu, ratio, wall, peak, ""].join(" | ").trim(),
    ),
  ].join("\n");
}
