import { existsSync } from "node:fs";
import { defineConfig } from "tsup";

/** Every entry that a package may have; the ones it has are built. */
const entries = ["index", "env", "node"];

export default defineConfig({
  entry: entries.map((name) => `src/${name}.ts`).filter((file) => existsSync(file)),
  format: "esm",
  target: "es2022",
  platform: "neutral",
  removeNodeProtocol: false,
  dts: true,
  sourcemap: true,
  external: [/^#/, /^node:/, "./index.js"], // an entry imports another as it is, so that there is one of each
  clean: true,
  silent: true,
});
