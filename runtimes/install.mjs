// Installs what a folder's lockfile says, and programs of Debian, where they are missing.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `npm ci` in a folder, when what is there is not of its lockfile. */
export function installFolder(folder) {
  const lock = readFileSync(`${folder}package-lock.json`, "utf8");
  const stamp = `${folder}node_modules/.installed`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error(`Installing ${folder} …`);
  const { status } = spawnSync("npm", ["ci", "--prefer-offline", "--ignore-scripts", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ci failed in ${folder}`);
  writeFileSync(stamp, lock);
}

/** Where a program is; installed from Debian where it is missing and may be installed. */
export function program(name, debianPackage = name) {
  const found = () => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim();
  const path = found();
  if (path) return path;
  if (process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0) {
    console.error(`Installing ${debianPackage} …`);
    // Without the policy, Debian would start what is a service.
    const policy = "/usr/sbin/policy-rc.d";
    const own = !existsSync(policy);
    if (own) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    const apt = (...args) =>
      spawnSync("apt-get", args, {
        stdio: "ignore",
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", debianPackage);
    if (own) spawnSync("rm", ["-f", policy]);
  }
  const now = found();
  if (!now) throw new Error(`${name} is missing: install it (Debian: apt-get install ${debianPackage})`);
  return now;
}

// `install.mjs <folder> <program>[=<Debian package>] …`; tells where the programs are, one a line.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, ...programs] = process.argv.slice(2);
  installFolder(folder);
  for (const word of programs) console.log(program(...word.split("=")));
}
