import { defineConfig } from "tsup";
import { common, declarations } from "../../tsup.config.js";
import { compiledPlugin } from "./build/compiled.js";
import { pagePlugin } from "./build/page.js";

const entry = { index: "src/index.ts", node: "src/node.ts", page: "src/page.ts" };

export default defineConfig(async () => ({
  ...common,
  entry,
  dts: await declarations(entry),
  esbuildPlugins: [compiledPlugin, pagePlugin],
}));
