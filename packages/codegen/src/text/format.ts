import { readFileSync } from "node:fs";
import { Biome } from "@biomejs/js-api/nodejs";

/** Formats the text of a file the way `npm run format` would. */
export type Format = (file: string, text: string) => string;

/** Loads Biome with the formatter's settings of a biome.json. */
export function createFormat(configuration: string | URL): Format {
  const { formatter } = JSON.parse(readFileSync(configuration, "utf8"));
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
