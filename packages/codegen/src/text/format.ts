import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

/** Formats the text of a file, by the ending of its name. */
export type Format = (file: string, text: string) => string;

/** The settings for a repository without a biome.json. */
const standard = { indentStyle: "space", indentWidth: 2, lineWidth: 110 };

/** Creates a formatter with the settings of the biome.json in a folder, so that generated code looks like written code. */
export async function createFormat(folder: string): Promise<Format> {
  const formatter = readSettings(join(folder, "biome.json"));
  // Biome is WebAssembly, and formats for a fraction of a second: it is loaded where it is needed, and compiled once. V8 would compile what is used often a
  // second time, which takes longer than it saves.
  setFlagsFromString("--liftoff-only");
  const { Biome } = await import("@biomejs/js-api/nodejs");
  const biome = new Biome();
  const { projectKey } = biome.openProject("/");
  biome.applyConfiguration(projectKey, { formatter });
  return (file, text) => {
    if (!/\.(ts|json)$/.test(file)) return text;
    const { content, diagnostics } = biome.formatContent(projectKey, text, {
      filePath: file.slice(file.lastIndexOf("/") + 1),
    });
    const [problem] = diagnostics;
    if (problem) throw new Error(`${file}: the generated text cannot be parsed: ${problem.description}`);
    return content;
  };
}

function readSettings(file: string): object {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return standard; // there is none
  }
  return JSON.parse(text).formatter ?? standard;
}
