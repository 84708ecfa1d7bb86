import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Biome } from "@biomejs/js-api/nodejs";

/** Formats the text of a file, by the ending of its name. */
export type Format = (file: string, text: string) => string;

/** The settings for a repository without a biome.json. */
const standard = { indentStyle: "space", indentWidth: 2, lineWidth: 110 };

/** Creates a formatter with the settings of the biome.json in a folder, so that generated code looks like written code. */
export function createFormat(folder: string): Format {
  const formatter = readSettings(join(folder, "biome.json"));
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
