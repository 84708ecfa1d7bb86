import { existsSync } from "node:fs";
import { defineConfig } from "tsup";

/** Every entry that a package may have; the ones it has are built. */
const entries = ["index", "runtime", "node", "platform.node", "platform.web"];

export default defineConfig({
  entry: entries.map((name) => `src/${name}.ts`).filter((file) => existsSync(file)),
  format: "esm",
  target: "es2022",
  platform: "neutral",
  removeNodeProtocol: false,
  dts: {
    entry: entries
      .filter((n) => !n.startsWith("platform"))
      .map((name) => `src/${name}.ts`)
      .filter((file) => existsSync(file)),
  },
  external: [/^#/, /^node:/],
  clean: true,
  silent: true,
});
