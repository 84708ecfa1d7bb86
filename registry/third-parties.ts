import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/vendors.js";

/**
 * Puts all that our packages and their users' projects depend on, of others, on the registry, from node_modules; not what only the codegen needs, which no project here installs. Sent by hand, not by `npm publish`, which would
 * heed the registry that such a package names.
 */
export async function publishThirdParties(url: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const done = new Set<string>();
  const ours = readdirSync(`${root}packages`).map((name) => `${root}packages/${name}`);
  const used = ours.filter((path) => existsSync(`${path}/package.json`) && !path.endsWith("/codegen"));
  const waiting = [...used, find("@types/node", root)];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const { name, version, dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
    if (done.has(`${name}@${version}`)) continue;
    done.add(`${name}@${version}`);
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
    for (const needed of [...Object.keys(dependencies), ...peers]) waiting.push(find(needed, path));
    if (!ours.includes(realpathSync(path))) await put(path, manifest, url, folder);
  }
}

/** Where a package is, seen from another one. */
function find(name: string, from: string): string {
  for (let folder = from; folder.startsWith(root.slice(0, -1)); folder = join(folder, "..")) {
    const path = join(folder, "node_modules", name);
    if (existsSync(path)) return path;
  }
  throw new Error(`${name} is not installed: npm ci`);
}

async function put(
  path: string,
  manifest: { name: string; version: string },
  url: string,
  folder: string,
): Promise<void> {
  const { name, version } = manifest;
  const told = execFileSync(
    "npm",
    ["pack", path, "--ignore-scripts", "--json", "--loglevel=error", "--pack-destination", folder],
    { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const packed = Object.values(JSON.parse(told) as object)[0] as { filename: string }; // one package was packed
  const file = packed.filename.replace("@", "").replace("/", "-");
  const bytes = readFileSync(join(folder, file));
  const digest = (algorithm: string, encoding: "hex" | "base64") =>
    createHash(algorithm).update(bytes).digest(encoding);
  const response = await fetch(`${url}${name.replace("/", "%2f")}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      _id: name,
      name,
      "dist-tags": { latest: version },
      versions: {
        [version]: {
          ...manifest,
          _id: `${name}@${version}`,
          dist: {
            integrity: `sha512-${digest("sha512", "base64")}`,
            shasum: digest("sha1", "hex"),
            tarball: `${url}${name}/-/${file}`,
          },
        },
      },
      _attachments: {
        [file]: {
          content_type: "application/octet-stream",
          data: bytes.toString("base64"),
          length: bytes.length,
        },
      },
    }),
  });
  if (!response.ok) throw new Error(`${name}@${version}: ${response.status} ${await response.text()}`);
}
