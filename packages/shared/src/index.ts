export type { ApiClient } from "./api.js";
export { checkTarget } from "./check-target.js";
export type { ClientEvent, ClientOptions, RequestEvent, StartOptions, WaitEvent } from "./client-types.js";
export type { Clock } from "./clock.js";
export type { Credential } from "./credentials.js";
export { type DownloadSource, download, downloadTo, type RequestOptions } from "./download.js";
export { cleanupStale } from "./download-cleanup.js";
export { DownloadError, type DownloadErrorCode } from "./download-error.js";
export type {
  DownloadEvent,
  DownloadOptions,
  DownloadProgress,
  DownloadRetry,
  DownloadTimeouts,
  FileNames,
  FileOptions,
  Integrity,
  RestartReason,
  SaveOptions,
} from "./download-options.js";
export type { Download, FileHandleLike, SavedFile, SaveTarget, WritableFileLike } from "./download-result.js";
export { OuthaulError } from "./errors.js";
export {
  ApiError,
  ConnectionError,
  CreateAmbiguousError,
  JobCancelledError,
  JobExpiredError,
  JobFailedError,
  JobGoneError,
  PollFailedError,
  ProtocolError,
  ResumeTokenError,
  TimeoutError,
  UnknownStatusError,
  UnsupportedError,
} from "./job-errors.js";
export type {
  CancelOutcome,
  ExportJob,
  JobEvent,
  JobProgress,
  JobSnapshot,
  JobState,
  Schedule,
  Tolerance,
  VendorErrorInfo,
  WaitOptions,
} from "./job-types.js";
export { createRateLimiter, type RateLimiter, type RateLimits, type RequestKind } from "./rate-limiter.js";
export { readToken, type TokenContent } from "./resume-token.js";
