import { DownloadError } from "../../../errors/download-error.js";

/** What the system says is wrong with a file, as the error of a download. */
export function fileError(doing: string, path: string, cause: unknown): DownloadError {
  if (cause instanceof DownloadError) return cause;
  const systemCode = systemCodeOf(cause);
  return new DownloadError(
    "FILE_ERROR",
    `download: cannot ${doing} ${path}: ${systemCode ?? String(cause)}`,
    { systemCode, path, cause },
  );
}

export function systemCodeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

export function targetExists(path: string): DownloadError {
  return new DownloadError(
    "TARGET_EXISTS",
    `download: ${path} exists; to replace it or to save beside it say so with the option overwrite`,
    { path },
  );
}

/** True if this is how a file system says that it has no hard links, or none to here. */
export function noLinks(error: unknown): boolean {
  return /^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK|EXDEV|EINVAL|UNKNOWN|EISDIR)$/.test(
    systemCodeOf(error) ?? "",
  );
}
