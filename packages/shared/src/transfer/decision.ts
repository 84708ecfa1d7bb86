import type { DownloadErrorCode } from "../errors/download-error.js";
import { contentLength, contentRange, differs, type FileVersion, versionOf } from "../file/version.js";
import type { RawReply } from "../http/transport.js";
import { isTransientStatus } from "./retry.js";

/** What was asked for: the whole file, or the bytes from `from` on, to append to those of `version`. */
export interface RequestedRange {
  from: number | undefined;
  /** How many bytes are held. */
  held: number;
  version: FileVersion | undefined;
}

/** What to do with a reply. */
export type ReplyDecision =
  | AcceptReply
  /** The reply is no answer to the range: ask for the whole file. */
  | { kind: "retry"; changed: boolean; problem: string }
  | { kind: "fail"; code: DownloadErrorCode; problem: string; transient: boolean };

/** A reply whose bytes are the file's. */
export type AcceptReply =
  /** The whole file, from its first byte. */
  | { kind: "whole"; end?: number | undefined }
  /** The bytes up to, not including, `end`; none if all are held already. */
  | { kind: "rest"; end: number; total: number };

/**
 * Decides by a reply's head. In doubt the file is asked for again: a range counts only if it proves that it continues what is held. What has a
 * Content-Range is a range, whatever its status says.
 */
export function decideReply(
  reply: Pick<RawReply, "status" | "headers" | "body" | "kept">,
  { from, held, version }: RequestedRange,
): ReplyDecision {
  const { status, headers, body } = reply;
  if (status === 200) {
    if (!headers.has("content-range")) return { kind: "whole" };
    if (!from || !version || contentRange(headers)?.start === 0) {
      const range = decideRange(reply, 0);
      return range.kind === "rest" ? { kind: "whole", end: range.end } : range;
    }
  }
  if (from !== undefined && version) {
    if (status === 200 || status === 206) return decideRange(reply, from, version);
    if (status === 412) return retry("the file changed (412)", true);
    if (status === 416) {
      const same = headers.get("etag") === version.etag && version.etag !== undefined;
      const complete = contentRange(headers)?.total === held && (same || version.total === held);
      return complete ? { kind: "rest", end: from, total: held } : retry("the range was refused (416)");
    }
  }
  if (status === 204 || status === 205) return fail("NO_CONTENT", `answered ${status}, without a file`);
  if (status < 400)
    return fail(
      "UNEXPECTED_STATUS",
      `answered ${status}${status === 206 ? " to a request for the whole" : ""}`,
    );
  return fail("HTTP_STATUS", `answered ${status}${body ? "" : " without a body"}`, isTransientStatus(status));
}

function decideRange(
  reply: Pick<RawReply, "headers" | "kept">,
  from: number,
  version?: FileVersion,
): ReplyDecision {
  const { headers } = reply;
  const now = versionOf(reply);
  const { start, end, total = version?.total } = contentRange(headers) ?? {};
  if (now.encoded || (version && now.kept !== version.kept)) return retry("the range has another encoding");
  if (start === undefined || end === undefined) return retry("the range has no readable Content-Range");
  if (version && differs(version, { ...now, total })) return retry("the range is of another version", true);
  const isProved = version?.etag
    ? now.etag === version.etag
    : !version?.lastModified || headers.get("last-modified") === version.lastModified;
  if (!isProved) return retry("the range does not say of which version it is");
  if (start !== from || end < start || total === undefined || end >= total)
    return retry("the range is not the one asked for");
  if ((contentLength(headers) ?? end - start + 1) !== end - start + 1)
    return retry("the range has another length");
  return { kind: "rest", end: end + 1, total };
}

function retry(problem: string, changed = false): ReplyDecision {
  return { kind: "retry", changed, problem };
}

function fail(code: DownloadErrorCode, problem: string, transient = false): ReplyDecision {
  return { kind: "fail", code, problem, transient };
}
