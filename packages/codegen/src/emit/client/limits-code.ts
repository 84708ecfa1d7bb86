import type { Quota } from "@outhaul/spec";
import type { LimitsPlan } from "../../plan/plan-limits.js";
import { numberCode } from "../../text/literal-code.js";

/** Writes the members of a definition that say which limits the client keeps. */
export function limitsCode({ quotas, maxConcurrent, maxOpenJobs, operations, isLong }: LimitsPlan): string[] {
  const limits = [
    ...(quotas.length > 0 || maxConcurrent ? [`quotas: [${quotas.map(quotaCode).join(", ")}]`] : []),
    ...(maxConcurrent ? [`maxConcurrent: ${maxConcurrent}`] : []),
  ];
  const long = [
    ...(quotas.length > 0 ? [`account: [${quotas.map(namedCode).join(", ")}]`] : []),
    ...(operations.length > 0
      ? [
          `operations: { ${operations.map((one) => `${JSON.stringify(one.name)}: [${one.quotas.map(namedCode).join(", ")}]`).join(", ")} }`,
        ]
      : []),
  ];
  return [
    ...(limits.length > 0 ? [`rateLimit: { ${limits.join(", ")} }`] : []),
    ...(maxOpenJobs ? [`openJobs: openJobs(${maxOpenJobs})`] : []),
    ...(isLong ? [`longLimits: longLimits({ ${long.join(", ")} })`] : []),
  ];
}

function quotaCode({ quota, windowMs }: Quota): string {
  return `{ quota: ${quota}, windowMs: ${numberCode(windowMs)} }`;
}

function namedCode({ name, quota, windowMs }: Quota): string {
  return `{ name: ${JSON.stringify(name)}, quota: ${quota}, windowMs: ${numberCode(windowMs)} }`;
}
