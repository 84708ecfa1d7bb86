import {
  ApiError,
  ConnectionError,
  DownloadError,
  PollFailedError,
  ResumeTokenError,
  TimeoutError,
  UnknownStatusError,
  UnsupportedError,
} from "@outhaul/shared";
import {
  CommandEndedError,
  CredentialsError,
  DiskError,
  InterruptedError,
  UsageError,
} from "./command-error.js";

/** The exit codes of the program. Scripts rely on them, so they never change. */
export const exitCodes = {
  done: 0,
  exportFailed: 1,
  badUse: 2,
  credentials: 3,
  timeout: 4,
  network: 5,
  disk: 6,
  interrupted: 130,
} as const;

/** The codes of a download error that the local disk causes. */
const DISK = /^(FILE_ERROR|TARGET_EXISTS|LOCKED)$/;
/** The codes of a download error that the network or the server causes. */
const NETWORK =
  /^(INCOMPLETE|INCOMPLETE_UNVERIFIABLE|TIMEOUT|HTTP_STATUS|CANNOT_RESTART|RANGE_MISMATCH|UNEXPECTED_STATUS)$/;

/** The exit code for an error that a command threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandEndedError) return error.exitCode;
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  if (error instanceof UsageError) return exitCodes.badUse;
  if (error instanceof CredentialsError) return exitCodes.credentials;
  if (error instanceof DiskError) return exitCodes.disk;
  if (ResumeTokenError.isInstance(error) || UnsupportedError.isInstance(error)) return exitCodes.badUse;
  if (ApiError.isInstance(error)) {
    return error.status === 401 || error.status === 403 ? exitCodes.credentials : exitCodes.exportFailed;
  }
  if (TimeoutError.isInstance(error) || UnknownStatusError.isInstance(error)) return exitCodes.timeout;
  if (ConnectionError.isInstance(error) || PollFailedError.isInstance(error)) return exitCodes.network;
  if (DownloadError.isInstance(error)) {
    if (DISK.test(error.code)) return exitCodes.disk;
    return NETWORK.test(error.code) ? exitCodes.network : exitCodes.exportFailed;
  }
  return exitCodes.exportFailed;
}
