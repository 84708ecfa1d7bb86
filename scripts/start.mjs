// `npm start`: installs, generates, builds, and runs an export of every vendor against the sandbox.
import { spawnSync } from "node:child_process";
import { environment, install, root } from "./install.mjs";

/** Runs a step, and shows what it says only when it fails. */
function step(what, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: "utf8",
    shell: process.platform === "win32" && command !== process.execPath,
  });
  if (status === 0) return;
  console.error(`${what} failed:\n${stdout ?? ""}${stderr ?? ""}`);
  process.exit(1);
}

const bin = `${root}node_modules/.bin/`;
if (install()) console.log("Generating and building …");
step("npm run generate", process.execPath, ["--import", "tsx/esm", "scripts/generate/main.ts", "generate"]);
step("npm run build", `${bin}turbo`, ["run", "build", "--output-logs=errors-only"]);
const { status, signal } = spawnSync(
  process.execPath,
  ["--import", "tsx/esm", "scripts/demo/main.ts", ...process.argv.slice(2)],
  {
    cwd: root,
    env: environment,
    stdio: "inherit",
  },
);
process.exit(signal ? 130 : (status ?? 1));
