// The suite on Node, Bun or Deno: `on-node.mjs <setting as JSON>`; the last line is the results.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as shared from "@outhaul/shared";
import { CONTENT, sameBytes } from "./content.mjs";
import { runSuite } from "./suite.mjs";

const setting = JSON.parse(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), "outhaul-"));
const packages = {};
for (const name of Object.keys(setting.vendors)) packages[name] = await import(`@outhaul/${name}`);
let count = 0;
const place = {
  async target() {
    const path = join(folder, `f${count++}`);
    return { to: path, read: () => readFile(path) };
  },
  async path() {
    const into = `${folder}/exports/`;
    const saved = await shared.downloadTo(`${setting.origin}/${setting.run}/plain`, into, {
      createDirs: true,
    });
    if (!sameBytes(await readFile(saved.path), CONTENT)) throw new Error("got other bytes");
    const names = await readdir(into);
    if (names.length !== 1) throw new Error(`left ${names}`);
    return "yes";
  },
};
const results = await runSuite({ ...setting, shared, packages, place });
const parts = (await readdir(folder)).filter((name) => name.endsWith(".part"));
if (parts.length) results.push({ name: "a path", problem: `left ${parts}` });
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify(results));
process.exit(0);
