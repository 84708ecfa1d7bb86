import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/vendors.js";

/**
 * Puts packages of others, with all that they depend on, on the registry, from node_modules. Sent by hand, not by `npm publish`, which would heed the
 * registry that such a package names.
 */
export async function publishThirdParties(
  names: Iterable<string>,
  url: string,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const done = new Set<string>();
  const waiting = [...names].map((name) => find(name, root));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    if (done.has(`${manifest.name}@${manifest.version}`)) continue;
    done.add(`${manifest.name}@${manifest.version}`);
    for (const name of Object.keys(manifest.dependencies ?? {})) waiting.push(find(name, path));
    await put(path, manifest, url, folder);
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
