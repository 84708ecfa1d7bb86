// What generated clients are made with. Users need none of it.

export type { AuthScheme } from "./client/credentials.js";
export type { ClientDefinition } from "./client/options.js";
export { type Client, createClient } from "./client.js";
export { matchesText } from "./workflow/matches-text.js";
export { at, firstText } from "./workflow/reply.js";
export type {
  DownloadStep,
  JobReference,
  Operation,
  PolledState,
  PollStep,
  Reply,
  RequestParts,
  Workflow,
} from "./workflow/workflow.js";
