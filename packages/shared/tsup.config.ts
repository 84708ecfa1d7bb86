import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    runtime: "src/runtime.ts",
    "platform.node": "src/platform/node/index.ts",
    "platform.web": "src/platform/web/index.ts",
  },
  format: "esm",
  target: "es2022",
  platform: "neutral",
  removeNodeProtocol: false,
  dts: { entry: { index: "src/index.ts", runtime: "src/runtime.ts" } },
  external: [/^#/, /^node:/],
  clean: true,
  silent: true,
});
