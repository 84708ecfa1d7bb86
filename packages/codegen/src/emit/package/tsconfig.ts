import { posix } from "node:path";
import type { VendorPlan } from "../../plan/vendor-plan.js";

/** Writes the tsconfig.json of a vendor package, which extends the repository's or is complete by itself. */
export function tsconfig({ folder, repository: { config } }: VendorPlan): string {
  if (config.tsconfig !== undefined)
    return JSON.stringify({ extends: posix.relative(folder, config.tsconfig), include: ["src"] });
  return JSON.stringify({
    compilerOptions: {
      target: "ES2022",
      lib: ["ES2022", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
      types: [],
      module: "NodeNext",
      moduleResolution: "NodeNext",
      strict: true,
      skipLibCheck: true,
      declaration: true,
      sourceMap: true,
      rootDir: "src",
      outDir: "dist",
    },
    include: ["src"],
  });
}
