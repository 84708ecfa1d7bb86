/** What code of one vendor needs beside the runtime. Vendors without it load nothing for it. */
const FEATURES: readonly (readonly [module: string, name: string])[] = [
  ["empty", "emptyExport"],
  ["long-limits", "longLimits"],
  ["failure-reason", "vendorError"],
  ["further-step", "furtherStep"],
  ["forms", "formBody"],
  ["key-in-query", "keyInQuery"],
  ["key-in-query", "sourceWithKey"],
  ["oauth2", "oauth2SignIn"],
  ["one-step", "createOneStepClient"],
  ["one-step", "oneStep"],
  ["open-jobs", "openJobs"],
  ["progress", "toProgress"],
  ["trusted-origin", "credentialsForFiles"],
  ["trusted-origin", "sourceWithCredentials"],
];

/** The imports of the features that code uses. */
export function importsOfFeatures(code: string): string[] {
  return FEATURES.filter(([, name]) => new RegExp(`\\b${name}\\b(?!:)`).test(code)).map(
    ([module, name]) => `import { ${name} } from "@outhaul/shared/${module}";`,
  );
}
