// What generated clients are made with, and what they export to their users. It is one file, so that a vendor package loads fast.

export type { AuthScheme } from "./account/credentials.js";
export type { ClientDefinition } from "./client/options.js";
export { type Client, createClient } from "./client.js";
export { DownloadError } from "./errors/download-error.js";
export { OuthaulError } from "./errors/outhaul-error.js";
export { ApiError, ConnectionError, ProtocolError } from "./errors/request-errors.js";
export { createRedaction, type Redaction } from "./http/redaction.js";
export { checkTarget } from "./job/check-target.js";
export {
  CreateAmbiguousError,
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  JobGoneError,
  PollFailedError,
  ResumeTokenError,
  TimeoutError,
  UnknownStatusError,
  UnsupportedError,
} from "./record/errors.js";
export { matchesText } from "./workflow/matches-text.js";
export { at, firstText } from "./workflow/reply.js";
export type { Absent, Given } from "./workflow/request-fields.js";
export type {
  DownloadStep,
  JobReference,
  Operation,
  PollStep,
  Reply,
  RequestParts,
  Workflow,
} from "./workflow/workflow.js";
