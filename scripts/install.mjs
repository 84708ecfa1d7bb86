// Installs the dependencies when they are not there, or not those of the lockfile. Needs nothing but Node and npm.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = `${root}node_modules/.installed`;

/** Tools are told not to report home, and which Node their cached results are for. */
export const environment = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
  OUTHAUL_NODE: process.version,
};

/** Ends the process with a line that says what to do when Node is too old or the install fails. @returns whether something was installed */
export function install() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Outhaul needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return false;
  console.log("Installing dependencies …");
  // The lockfile names exact versions: what npm knows of them already need not be asked for again, which took a third of the time.
  const { status } = spawnSync("npm", ["ci", "--prefer-offline", "--no-progress", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: environment,
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error("npm ci failed. Is the registry reachable, and package-lock.json unchanged?");
    process.exit(1);
  }
  markInstalled();
  return true;
}

/** Notes that what is installed and linked is what the lockfile and the folders of packages say. */
export function markInstalled() {
  writeFileSync(stamp, fingerprint());
}

/** The lockfile decides what is installed; the folders in packages/ decide what is linked. */
function fingerprint() {
  const hash = createHash("sha256").update(readFileSync(`${root}package-lock.json`));
  for (const name of readdirSync(`${root}packages`).sort()) hash.update(name);
  return hash.digest("hex");
}
