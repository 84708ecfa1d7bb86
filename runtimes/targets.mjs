// The runtimes: how the suite runs on each of them.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./browser/chromium.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const modules = `${folder}node_modules/`;
const LIMIT_MS = 120_000;

/** Each runs the suite with a setting and gives its results. */
export const targets = {
  [`Node ${process.versions.node.split(".")[0]}`]: (setting) => inProcess(process.execPath, [], setting),
  "Node 22": (setting) => inProcess(`${modules}node22/bin/node`, [], setting),
  "Node 24": (setting) => inProcess(`${modules}node24/bin/node`, [], setting),
  "Node 26": (setting) => inProcess(`${modules}node26/bin/node`, [], setting),
  Bun: (setting) => inProcess(`${modules}@oven/bun-linux-x64/bin/bun`, ["run"], setting),
  Deno: (setting) =>
    inProcess(`${modules}@deno/linux-x64-glibc/deno`, ["run", "-A", "--no-remote", "--quiet"], setting),
  Workers: inWorker,
  Chromium: inChromium,
};

async function inProcess(binary, args, setting) {
  const results = await lastLine(binary, [...args, `${folder}on-node.mjs`, JSON.stringify(setting)]);
  // The raw server takes a request for any origin, as a proxy does.
  const environment = { HTTP_PROXY: setting.origin, NODE_USE_ENV_PROXY: "1", NO_PROXY: "" };
  const address = `http://127.0.0.2:1/${setting.run}/plain`;
  return [...results, ...(await lastLine(binary, [...args, `${folder}on-proxy.mjs`, address], environment))];
}

/** Runs a program that ends with a line of JSON. */
async function lastLine(binary, args, environment) {
  const child = spawn(binary, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  let said = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    said += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  const code = await new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`${binary} does not start: ${error.message}`)));
    child.once("close", resolve);
  });
  clearTimeout(timer);
  if (code !== 0) throw new Error(`ended with ${code}: ${said}${errors}`);
  return JSON.parse(said.trim().split("\n").pop());
}

/** The suite and the packages in one module, as a bundler for the web sees them. */
async function bundle(entry, names, conditions) {
  const { build } = createRequire(`${folder}../package.json`)("esbuild");
  const lines = names.map((name) => `import * as ${name} from "@outhaul/${name}";`);
  const text = `${lines.join("\n")}\nexport const packages = { ${names.join(", ")} };`;
  const { outputFiles } = await build({
    entryPoints: [folder + entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    conditions,
    logLevel: "silent",
    tsconfigRaw: {}, // that of the sources leads to Node's half; a package has none
    plugins: [
      {
        name: "packages",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^packages$/ }, () => ({ path: "packages", namespace: "made" }));
          onLoad({ filter: /.*/, namespace: "made" }, () => ({ contents: text, resolveDir: folder }));
        },
      },
    ],
  });
  return outputFiles[0].text;
}

async function inWorker(setting) {
  const { Miniflare } = await import("miniflare");
  const script = await bundle("on-workers.mjs", Object.keys(setting.vendors), ["workerd", "worker"]);
  const worker = new Miniflare({
    host: "127.0.0.1",
    cf: false,
    compatibilityDate: "2026-03-01",
    modules: [{ type: "ESModule", path: "worker.mjs", contents: script }],
  });
  try {
    const reply = await worker.dispatchFetch("http://127.0.0.1/", {
      method: "POST",
      body: JSON.stringify(setting),
    });
    return await reply.json();
  } finally {
    await worker.dispose();
  }
}

async function inChromium(setting) {
  const script = await bundle("on-browser.mjs", Object.keys(setting.vendors), ["browser"]);
  const page = createServer((request, reply) => {
    const js = request.url?.endsWith(".js");
    reply.setHeader("content-type", js ? "text/javascript" : "text/html");
    reply.end(js ? script : '<!doctype html><script type="module" src="/suite.js"></script>');
  });
  await new Promise((resolve) => page.listen(0, "127.0.0.1", resolve));
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${page.address().port}/`);
    await tab.waitForFunction(() => "run" in globalThis);
    return await tab.evaluate((given) => globalThis.run(given), setting);
  } finally {
    await browser.close();
    page.closeAllConnections();
    page.close();
  }
}
