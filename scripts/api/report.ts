import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import type { Entry } from "./entries.js";

/** What users can import through a door, as API Extractor writes it. @throws when the package is not built */
export function reportOf({ file, packageFolder, types }: Entry, root: string, temporary: string): string {
  if (!existsSync(types)) throw new Error(`${types.slice(root.length)} is not there: npm run build`);
  mkdirSync(temporary, { recursive: true });
  const { compilerOptions } = JSON.parse(readFileSync(`${root}tsconfig.base.json`, "utf8"));
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: packageFolder,
      mainEntryPointFilePath: types,
      compiler: { overrideTsconfig: { compilerOptions, files: [types] } },
      apiReport: {
        enabled: true,
        reportFileName: file,
        reportFolder: temporary,
        reportTempFolder: `${temporary}/temp`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      // What it thinks of comments and tags is not the question here.
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: `${packageFolder}/package.json`,
  });
  mkdirSync(`${temporary}/temp`, { recursive: true });
  const problems: string[] = [];
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.text);
      message.handled = true;
    },
  });
  if (!succeeded)
    throw new Error(`API Extractor could not read ${types.slice(root.length)}:\n${problems.join("\n")}`);
  return readFileSync(`${temporary}/${file}`, "utf8");
}
