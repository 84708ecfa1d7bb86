import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hear } from "../scripts/copy/run.js";

const program = fileURLToPath(new URL("node_modules/verdaccio/bin/verdaccio", import.meta.url));

/** A registry on loopback. */
export interface Registry {
  /** With a slash at its end. */
  readonly url: string;
  /** What a process needs to have in its environment for npm, pnpm and Bun to know this registry and no other. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts Verdaccio, without an uplink, on a free port. */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const config = {
    storage: join(folder, "storage"),
    uplinks: {},
    packages: { "**": { access: "$all", publish: "$all", unpublish: "$all" } },
    log: { type: "stdout", format: "json", level: "http" },
    web: { enable: false },
    // Tarballs of a hundred kilobytes are sent inside JSON.
    max_body_size: "100mb",
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config)); // JSON is YAML
  const child = spawn(
    process.execPath,
    [program, "--config", join(folder, "config.yaml"), "--listen", `127.0.0.1:${port}`],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const said = hear(child);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  for (let attempt = 0; !(await answers(url)); attempt++) {
    if (attempt === 200 || child.exitCode !== null) {
      child.kill();
      throw new Error(`Verdaccio did not start:\n${said()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const npmrc = join(folder, "npmrc");
  writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=anything\n`);
  return {
    url,
    env: {
      npm_config_registry: url,
      npm_config_userconfig: npmrc,
      npm_config_cache: join(folder, "npm-cache"),
      npm_config_store_dir: join(folder, "pnpm-store"),
      XDG_CACHE_HOME: join(folder, "cache"),
      XDG_DATA_HOME: join(folder, "data"),
      BUN_CONFIG_REGISTRY: url,
      BUN_INSTALL_CACHE_DIR: join(folder, "bun-cache"),
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}-/ping`)).ok;
  } catch {
    return false;
  }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
