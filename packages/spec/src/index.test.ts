import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("the package runs where there is no Node, no web API and no eval", async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("index.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "spec",
    platform: "browser",
  });
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  runInContext(outputFiles[0]?.text ?? "", context);
  const program = `
    const criterion = spec.parseCriterion({ condition: "$response.body#/status == 'ready'" });
    spec.meetsAll([criterion], { status: 200, headers: { get: () => null }, body: { status: "ready" } });
  `;
  expect(runInContext(program, context)).toBe(true);
});
