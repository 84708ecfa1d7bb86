/** What code of one vendor needs beside the runtime. Vendors without it load nothing for it. */
const FEATURES: readonly (readonly [module: string, name: string])[] = [
  ["empty", "emptyExport"],
  ["link-poll", "linkPoll"],
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

/** The imports of the features that code uses and that of the runtime, in the order that linters ask for. */
export function importsOfShared(code: string, runtime: string): string[] {
  const features = FEATURES.filter(([, name]) => new RegExp(`\\b${name}\\b(?!:)`).test(code)).map(
    ([module, name]) => `import { ${name} } from "@outhaul/shared/${module}";`,
  );
  return [...features, runtime].sort((a, b) => (sourceOf(a) < sourceOf(b) ? -1 : 1));
}

function sourceOf(line: string): string {
  return line.slice(line.indexOf(' from "'));
}
