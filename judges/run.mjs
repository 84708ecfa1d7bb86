// `npm run test:judges`: Prism, a program that is not ours, stands between each client and the sandbox and checks every request and reply against the vendor's spec.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { installFolder } from "../runtimes/install.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts Prism before a server. It answers with an error to what the spec does not allow. */
async function prism(spec, upstream) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startPrism(spec, upstream, await freePort());
    } catch (error) {
      // Somebody else may have taken the port in the meantime.
      if (attempt === 5 || !error.message.includes("EADDRINUSE")) throw error;
    }
  }
}

async function startPrism(spec, upstream, port) {
  const args = ["proxy", spec, upstream, "--errors", "-h", "127.0.0.1", "-p", String(port)];
  const child = spawn(
    process.execPath,
    [`${folder}node_modules/@stoplight/prism-cli/dist/index.js`, ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  await new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      if (said.includes("Prism is listening")) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("close", () => reject(new Error(`Prism did not start:\n${said}`)));
  });
  return { origin: `http://127.0.0.1:${port}`, said: () => said, stop: () => child.kill() };
}

installFolder(folder);
const { listen } = await import("@outhaul/sandbox/node");
const sandbox = await listen({ jobs: { polls: 2, sizeBytes: 50_000 } });
let passed = 0;
let failed = 0;
for (const [name, { serverUrl, clientOptions, sandbox: vendor }] of Object.entries(sandbox.vendors)) {
  const judge = await prism(`${root}specs/${name}/openapi.yaml`, serverUrl);
  const module = await import(`@outhaul/${name}`);
  const create = Object.entries(module).find(([key]) => key.startsWith("create"))?.[1];
  const asked = [];
  // Prism knows the paths of the spec, not that of the server.
  const fetch = (input, init) => {
    const url = input.url ?? String(input);
    const path = url.startsWith(serverUrl) ? url.slice(serverUrl.length) : undefined;
    asked.push(`${input.method ?? init.method ?? "GET"} ${path?.replace(/\?.*/, "") ?? "the store"}`);
    if (path === undefined) return globalThis.fetch(input, init);
    return globalThis.fetch(
      judge.origin + path,
      input.url ? { method: input.method, headers: input.headers } : init,
    );
  };
  const client = create({ ...clientOptions, fetch });
  const tell = (what, problem) => {
    failed++;
    console.log(`  FAILED ${what}: ${problem}\n${asked.join("\n")}\n${judge.said()}`);
  };
  for (const [workflow, request] of Object.entries(vendor.examples)) {
    try {
      const job = await client[workflow](request);
      // Prism hands on a binary body as text, so that only its being there can be looked at.
      const bytes = await (await job.download({ schedule: () => 10 })).bytes();
      if (bytes.length === 0) throw new Error("the file is empty");
      passed++;
    } catch (error) {
      tell(`${name} ${workflow}`, error.message);
    }
  }
  const { paths } = JSON.parse(
    readFileSync(`${root}packages/sandbox/src/generated/${name}.json`, "utf8"),
  ).openapi;
  for (const [path, { get }] of Object.entries(paths)) {
    if (!get || path.includes("{")) continue;
    const { response, error } = await client.api.GET(path);
    if (response.ok) passed++;
    else tell(`${name} GET ${path}`, JSON.stringify(error));
  }
  if (/violation/i.test(judge.said())) tell(name, "Prism tells of violations");
  judge.stop();
}
await sandbox.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
