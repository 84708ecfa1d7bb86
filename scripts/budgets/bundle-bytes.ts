import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import esbuildPlugin from "@size-limit/esbuild";
import filePlugin from "@size-limit/file";
import sizeLimit from "size-limit";
import { root } from "../vendors.js";

/** The bytes of a package with all that it pulls in, as a browser gets it: minified, brotli. */
export async function bundleBytes(packageName: string): Promise<number> {
  const folder = mkdtempSync(`${root}node_modules/.budget-`);
  try {
    const entry = `${folder}/entry.js`;
    writeFileSync(entry, `export * from "${packageName}";\n`);
    // Without it esbuild would take the paths of the sources' tsconfig.json for those of the built package.
    const modifyEsbuildConfig = (config: object): object => ({ ...config, tsconfigRaw: "{}", logLevel: "error" });
    const [result] = await sizeLimit([esbuildPlugin, filePlugin], { checks: [{ files: [entry], modifyEsbuildConfig }] });
    if (!result?.size) throw new Error(`size-limit gave no size for ${packageName}`);
    return result.size;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
