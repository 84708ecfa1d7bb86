import { DownloadError } from "../errors/download-error.js";
import type { DownloadRetry, RestartReason } from "../file/options.js";
import { showUrl } from "../http/show-url.js";

/** A failed attempt that another one may mend; thrown inside the engine only. */
export class Retry {
  constructor(
    /** What the download ends with where no attempt is left. */
    readonly error: DownloadError,
    readonly how: {
      /** How long the server asks to wait. */
      afterMs?: number | undefined;
      /** At most so many attempts, where the usual number would be in vain. */
      attempts?: number | undefined;
      /** Without a pause: nothing is wrong with the server. */
      now?: boolean;
      /** Ask for the whole file, not for the rest, for this reason. */
      whole?: RestartReason;
    } = {},
  ) {}
}

/** The statuses after which the same request may succeed. RFC 9110 §15; 52x are Cloudflare's. */
export function isTransientStatus(status: number): boolean {
  return /^(408|425|429|50[0234]|52[0-4])$/.test(String(status));
}

/** The pause after so many failures in a row: doubled each time, less up to half by chance, so that many clients do not come back together. */
export function backoffMs(
  failures: number,
  { minDelayMs = 500, maxDelayMs = 30_000 }: DownloadRetry,
  random: () => number,
): number {
  return Math.min(maxDelayMs, minDelayMs * 2 ** (failures - 1)) * (1 - random() / 2);
}

/** The code of a failed request: of the error, or of what caused it. */
export function causeCode(error: unknown): string {
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 5; depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
    at = (at as { cause?: unknown }).cause;
  }
  return "";
}

/** Whether a request would fail the same way again: a certificate, a wrong address, a reply that is not HTTP. */
export function isPermanent(code: string): boolean {
  return /^(ERR_(?!STREAM|HTTP2|SOCKET)|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HPE_(?!INVALID_EOF))/.test(
    code,
  );
}

/** What a request that failed without a reply, or in the middle of one, means for the download. */
export function connectionFailure(url: URL, cause: unknown, what = "did not answer"): Retry | DownloadError {
  const code = causeCode(cause);
  const error = new DownloadError("INCOMPLETE", `download: ${showUrl(url)} ${what}${code && ` (${code})`}`, {
    cause,
  });
  if (isPermanent(code)) return error;
  return new Retry(error, { attempts: code === "ENOTFOUND" ? 2 : undefined });
}
