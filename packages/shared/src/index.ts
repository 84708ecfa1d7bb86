export type { FetchOptions, FetchResponse } from "openapi-fetch";
export type { Credential } from "./account/credentials.js";
export type { ApiClient } from "./client/api-client.js";
export type {
  ClientEvent,
  ClientOptions,
  LimitedEvent,
  RequestEvent,
  StartOptions,
  TimedStartOptions,
  TurnEvent,
  WaitEvent,
} from "./client/options.js";
export { cleanupStale } from "./download/cleanup.js";
export { type DownloadSource, download, downloadTo, type RequestOptions } from "./download/download.js";
export { DownloadError, type DownloadErrorCode } from "./errors/download-error.js";
export { OuthaulError } from "./errors/outhaul-error.js";
export { ApiError, ConnectionError, ProtocolError } from "./errors/request-errors.js";
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
} from "./file/options.js";
export type {
  Download,
  FileHandleLike,
  SavedFile,
  SavedPart,
  SaveTarget,
  WritableFileLike,
} from "./file/result.js";
export { checkTarget } from "./job/check-target.js";
export { JobEmptyError } from "./job/empty-export.js";
export type { CancelOutcome, ExportJob, JobSaveOptions } from "./job/export-job.js";
export {
  createRateLimiter,
  type RateLimiter,
  type RateLimits,
  type RequestKind,
} from "./limits/rate-limiter.js";
export type { Schedule, Tolerance, WaitOptions } from "./polling/wait-options.js";
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
export { readToken, type TokenContent } from "./record/resume-token.js";
export type { JobEvent, JobProgress, JobSnapshot, JobState, VendorErrorInfo } from "./record/types.js";
export type { Clock } from "./time/clock.js";
