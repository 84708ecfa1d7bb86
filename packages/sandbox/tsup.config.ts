import { defineConfig } from "tsup";
import common from "../../tsup.config.js";
import { compiledPlugin } from "./build/compiled.js";
import { pagePlugin } from "./build/page.js";

export default defineConfig({
  ...common,
  entry: ["src/index.ts", "src/node.ts", "src/page.ts"],
  esbuildPlugins: [compiledPlugin, pagePlugin],
});
