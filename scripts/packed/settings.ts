// `npm run test:settings`: the packed packages under the settings of TypeScript and Node that users have, as docs/guides/commonjs.md tells them.
import { mkdirSync, rmSync } from "node:fs";
import { root } from "../vendors.js";
import { installTarballs } from "./consumer.js";
import { printFailures } from "./run.js";
import { packAll } from "./tarballs.js";
import { trySettings } from "./try-settings.js";

const folder = `${root}.cache/settings`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const wanted = /^@outhaul\/(shared|ongage)$/;
const tarballs = packAll(folder).filter(({ name }) => wanted.test(name));
const project = installTarballs(
  `${folder}/project`,
  tarballs.map(({ file }) => file),
  [],
);
const findings = await trySettings(project);
const failed = printFailures(findings);
console.log(`${findings.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
