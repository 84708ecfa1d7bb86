import { execFileSync } from "node:child_process";
import { root } from "../vendors.js";
import { type Finding, problemOf } from "./run.js";
import { installTools, TOOLS } from "./tools.js";

/** A packed package. */
export interface Tarball {
  readonly name: string;
  readonly version: string;
  /** Its path. */
  readonly file: string;
}

/** The package that is tried in a folder of its own, because a user of a vendor package never has it. */
export const CODEGEN = "@outhaul/codegen";

/** Packs every package. */
export function packAll(folder: string): Tarball[] {
  const told = execFileSync(
    "npm",
    ["pack", "--workspaces", "--json", "--loglevel=error", "--pack-destination", folder],
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const packed: unknown = JSON.parse(told.slice(told.search(/^[[{]/m)));
  const entries = Array.isArray(packed) ? packed : Object.values(packed as Record<string, unknown>); // npm 11 lists, later ones name
  return entries.map((entry) => {
    const { name, version, filename } = entry as { name: string; version: string; filename: string };
    return { name, version, file: `${folder}/${filename.replace("@", "").replace("/", "-")}` };
  });
}

/** publint looks at what is in the package, attw at how its types are found. */
export async function judgeTarballs(tarballs: readonly string[]): Promise<Finding[]> {
  installTools();
  const bin = `${TOOLS}node_modules/.bin`;
  const findings: Finding[] = [];
  for (const tarball of tarballs) {
    const name = tarball.split("/").pop() ?? tarball;
    const [publint, attw] = await Promise.all([
      problemOf(`${bin}/publint`, ["run", tarball, "--strict"], { cwd: root }),
      problemOf(`${bin}/attw`, [tarball, "--profile", "esm-only"], { cwd: root }),
    ]);
    findings.push({ what: `publint ${name}`, ...(publint === undefined ? {} : { problem: publint }) });
    findings.push({ what: `attw ${name}`, ...(attw === undefined ? {} : { problem: attw }) });
  }
  return findings;
}
