// `npm run site`: the site with the documentation, in `site/dist`. It asks no network, but for the first installation of its tools.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installFolder } from "../runtimes/install.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const site = `${root}site/`;
const startedAt = Date.now();
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", NO_COLOR: "1" };

/** Runs a program. What it says is shown only if it fails. */
function run(cwd, program, args) {
  const child = spawn(program, args, {
    cwd,
    env,
    shell: process.platform === "win32" && program !== process.execPath,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve();
      console.error(`${said}\n${program} ${args.join(" ")} failed.`);
      process.exit(1);
    });
  });
}

installFolder(site);
await run(root, `${root}node_modules/.bin/turbo`, ["run", "build", "--output-logs=errors-only"]);
await run(root, process.execPath, ["--import", "tsx/esm", "scripts/site/main.ts"]);
rmSync(`${site}dist`, { recursive: true, force: true });
await Promise.all([
  run(site, `${site}node_modules/.bin/tsc`, ["-p", "."]),
  run(site, `${site}node_modules/.bin/vitepress`, ["build"]),
  run(site, `${site}node_modules/.bin/typedoc`, []),
]);
cpSync(`${site}.api`, `${site}dist/api`, { recursive: true });
const { stdout = "" } = spawnSync("du", ["-sk", `${site}dist`], { encoding: "utf8" });
console.log(
  `site/dist: ${(Number.parseInt(stdout, 10) / 1024).toFixed(1)} MB, in ${Math.round((Date.now() - startedAt) / 1000)} s`,
);
