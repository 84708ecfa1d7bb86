import type { VendorPlan } from "../../plan/vendor-plan.js";
import { hasEmpty, typesOf } from "../../plan/workflow-plan.js";
import { nameList } from "../../text/name-list.js";
import { pascalCase } from "../../text/names.js";

/** With the types of what an `api` call answers, so that a program that exports it can name them where packages are not hoisted. */
const sharedTypes = [
  "ApiClient",
  "CancelOutcome",
  "ClientEvent",
  "ClientOptions",
  "Clock",
  "Credential",
  "Download",
  "DownloadOptions",
  "DownloadProgress",
  "ExportJob",
  "FetchOptions",
  "FetchResponse",
  "JobEvent",
  "JobSaveOptions",
  "JobSnapshot",
  "JobState",
  "RateLimiter",
  "RateLimits",
  "SavedFile",
  "SaveOptions",
  "SaveTarget",
  "Schedule",
  "StartOptions",
  "Tolerance",
  "WaitOptions",
];

/** They come from the file that the client loads anyway. */
const sharedValues = [
  "ApiError",
  "ConnectionError",
  "CreateAmbiguousError",
  "checkTarget",
  "DownloadError",
  "JobCancelledError",
  "JobExpiredError",
  "JobFailedError",
  "JobGoneError",
  "OuthaulError",
  "PollFailedError",
  "ProtocolError",
  "ResumeTokenError",
  "TimeoutError",
  "UnknownStatusError",
  "UnsupportedError",
];

function byName(one: string, other: string): number {
  return one.toLowerCase() < other.toLowerCase() ? -1 : 1;
}

/** Writes `index.ts`, which exports all that a user needs, so that one package is enough to install and import. */
export function indexCode({ vendor, notice, options, limits, workflows }: VendorPlan): string {
  const name = pascalCase(vendor);
  const clientTypes = [
    name,
    `${name}Options`,
    ...(options.credentials.length > 1 && options.variables.length > 0 ? [`${name}Settings`] : []),
  ];
  const lines = [
    {
      from: "./generated/client.js",
      code: `export { ${nameList([`create${name}`], clientTypes)} }`,
    },
    ...workflows.map((workflow) => ({
      from: `./generated/${workflow.file}.js`,
      code: `export type { ${typesOf(workflow).join(", ")} }`,
    })),
    { from: "./generated/schema.js", code: "export type { components, operations, paths }" },
  ].sort((a, b) => (a.from < b.from ? -1 : 1));
  return [
    `// ${notice}`,
    `export type { ${[...sharedTypes, ...(limits.isLong ? ["LimitedEvent"] : []), ...(limits.isTimed ? ["TimedStartOptions"] : []), ...(limits.maxOpenJobs ? ["TurnEvent"] : [])].sort(byName).join(", ")} } from "@outhaul/shared";`,
    ...(workflows.some(hasEmpty) ? ['export { JobEmptyError } from "@outhaul/shared/empty";'] : []),
    `export { ${sharedValues.join(", ")} } from "@outhaul/shared/runtime";`,
    ...lines.map(({ from, code }) => `${code} from ${JSON.stringify(from)};`),
    "",
  ].join("\n");
}
