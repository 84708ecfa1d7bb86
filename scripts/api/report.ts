import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import type { Entry } from "./entries.js";

/** A door's file in api/, and what belongs there. */
interface Report {
  readonly file: string;
  readonly text: string;
}

/** What users can import through each door, as API Extractor writes it; all declarations are read once. @throws when a package is not built */
export function reportsOf(entries: readonly Entry[], root: string, temporary: string): Report[] {
  const missing = entries.find(({ types }) => !existsSync(types));
  if (missing) throw new Error(`${missing.types.slice(root.length)} is not there: npm run build`);
  mkdirSync(`${temporary}/temp`, { recursive: true });
  const doors = entries.map((entry) => ({ ...entry, config: configOf(entry, root, temporary) }));
  const [first] = doors;
  if (!first) return [];
  const compilerState = CompilerState.create(first.config, {
    additionalEntryPoints: entries.map(({ types }) => types),
  });
  return doors.map(({ file, types, config }) => {
    const problems: string[] = [];
    const { succeeded } = Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.text);
        message.handled = true;
      },
    });
    if (!succeeded)
      throw new Error(`API Extractor could not read ${types.slice(root.length)}:\n${problems.join("\n")}`);
    return { file, text: readFileSync(`${temporary}/${file}`, "utf8") };
  });
}

function configOf({ file, packageFolder, types }: Entry, root: string, temporary: string): ExtractorConfig {
  const { compilerOptions } = JSON.parse(readFileSync(`${root}tsconfig.base.json`, "utf8"));
  return ExtractorConfig.prepare({
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
}
