import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { readVendors, root } from "./vendors.js";

/** What only the half that writes files has. */
const FILE_WRITING = ["node:", "zlib", "writev", ".keep.part", "createGunzip", "O_NOFOLLOW", "process.pid"];

/** A vendor package with all it pulls in, also what it loads later, as a user's bundler sees the built package. */
async function bundle(
  name: string,
  platform: "browser" | "node",
): Promise<{ text: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from "@outhaul/${name}";`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: "esm",
    platform,
    target: "es2022",
    metafile: true,
    write: false,
    outdir: "out",
    logLevel: "silent",
    tsconfigRaw: {}, // the sources' own leads to Node's half; a package has none
  });
  return { text: outputFiles.map((file) => file.text).join("\n"), inputs: Object.keys(metafile.inputs) };
}

describe("a vendor package in a browser's bundle", () => {
  it.each(readVendors().map(({ name }) => name))("has nothing that writes files (%s)", async (name) => {
    const { text, inputs } = await bundle(name, "browser");
    expect(FILE_WRITING.filter((word) => text.includes(word))).toEqual([]);
    expect(inputs.filter((input) => /platform\.node|\/node-/.test(input))).toEqual([]);
    expect(inputs.some((input) => input.endsWith("platform.web.js"))).toBe(true);
    expect(text.includes("content-range")).toBe(true); // the engine itself is there
  });

  it("has it all in a bundle for Node", async () => {
    const { text } = await bundle(readVendors()[0]?.name ?? "", "node");
    expect(FILE_WRITING.filter((word) => !text.includes(word))).toEqual([]);
  });
});
