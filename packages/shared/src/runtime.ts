// What generated clients are made with. Users need none of it.
export { type Client, createClient } from "./client.js";
export type { ClientDefinition } from "./client-types.js";
export type { AuthScheme } from "./credentials.js";
export { matchesText } from "./matches-text.js";
export { at, firstText } from "./reply.js";
export type {
  DownloadStep,
  JobReference,
  Operation,
  PolledState,
  PollStep,
  Reply,
  RequestParts,
  Workflow,
} from "./workflow.js";
