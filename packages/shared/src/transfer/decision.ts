import type { DownloadErrorCode } from "../errors/download-error.js";
import { contentLength, contentRange, differs, type FileVersion, versionOf } from "../file/version.js";
import type { RawReply } from "../http/transport.js";
import { isTransientStatus } from "./retry.js";

/** What was asked for: the whole, or the bytes from `from` on to add to those of `version`. */
export interface Asked {
  from: number | undefined;
  /** How many bytes are held. */
  held: number;
  version: FileVersion | undefined;
}

/** What a reply is to a download. */
export type Verdict =
  /** The whole file, from its first byte. */
  | { use: "whole"; end?: undefined }
  /** The bytes from `from` up to, not including, `end`; none where all are held already. */
  | { use: "rest"; end: number; total: number }
  /** No answer to the range: the whole is to be asked for. */
  | { use: "again"; changed: boolean; problem: string }
  | { use: "error"; code: DownloadErrorCode; problem: string; transient: boolean };

/** Judges a reply by its head. In doubt it asks again: a range counts only if it proves that it continues what is held. */
export function judge(
  { status, headers, body }: Pick<RawReply, "status" | "headers" | "body">,
  { from, held, version }: Asked,
): Verdict {
  const refuse = (code: DownloadErrorCode, problem: string, transient = false): Verdict => ({
    use: "error",
    code,
    problem,
    transient,
  });
  if (status === 200) return { use: "whole" };
  if (from !== undefined && version) {
    if (status === 206) return judgeRange(headers, from, version);
    if (status === 412) return { use: "again", changed: true, problem: "the file changed (412)" };
    if (status === 416) {
      const same = headers.get("etag") === version.etag && version.etag !== undefined;
      const complete = contentRange(headers)?.total === held && (same || version.total === held);
      return complete
        ? { use: "rest", end: from, total: held }
        : { use: "again", changed: false, problem: "the range was refused (416)" };
    }
  }
  if (status === 204 || status === 205) return refuse("NO_CONTENT", `answered ${status}, without a file`);
  if (status < 400)
    return refuse(
      "UNEXPECTED_STATUS",
      `answered ${status}${status === 206 ? " to a request for the whole" : ""}`,
    );
  return refuse(
    "HTTP_STATUS",
    `answered ${status}${body ? "" : " without a body"}`,
    isTransientStatus(status),
  );
}

function judgeRange(headers: Headers, from: number, version: FileVersion): Verdict {
  const again = (problem: string, changed = false): Verdict => ({ use: "again", changed, problem });
  const now = versionOf(headers);
  const { start, end, total = version.total } = contentRange(headers) ?? {};
  if (now.encoded) return again("the range is encoded");
  if (start === undefined || end === undefined) return again("the range has no readable Content-Range");
  if (differs(version, { ...now, total })) return again("the range is of another version", true);
  if (
    version.etag
      ? now.etag !== version.etag
      : version.lastModified && headers.get("last-modified") !== version.lastModified
  ) {
    return again("the range does not say of which version it is");
  }
  if (start !== from || end < start || total === undefined || end >= total)
    return again("the range is not the one asked for");
  const length = contentLength(headers);
  if (length !== undefined && length !== end - start + 1)
    return again("the range has another length than it says");
  return { use: "rest", end: end + 1, total };
}
