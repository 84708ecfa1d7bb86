import { copyFile } from "node:fs/promises";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: { main: "src/cli/main.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  clean: true,
  silent: true,
  // What may stand in a spec is told in the package, too.
  onSuccess: () => copyFile("../../specs/README.md", "dist/specs.md"),
});
