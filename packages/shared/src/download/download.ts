import { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions, SaveOptions } from "../file/options.js";
import type { Download, SavedFile, SaveTarget } from "../file/result.js";
import { parseUrl } from "../http/parse-url.js";
import { checkOptions, type OptionTable } from "../options/check-options.js";
import type { Clock } from "../time/clock.js";
import { createSystemClock } from "../time/system-clock.js";
import type { FileSource } from "../transfer/source.js";

/** An address, or a function that is asked for one: at the start, and again when the one it gave has expired. */
export type DownloadSource = string | URL | (() => string | URL | Promise<string | URL>);

/** What a request for a file needs beside the options of a download. */
export interface RequestOptions {
  /** Sent to the address's own origin only; never to another one, be it by a redirect or because it is not the origin of `baseUrl`. */
  headers?: Record<string, string> | undefined;
  /** What a relative address is resolved against, and the only origin that the headers go to. */
  baseUrl?: string | URL | undefined;
  /** @default "GET" */
  method?: string | undefined;
  body?: string | undefined;
  /** Used for all requests. The default is the platform's: `node:http(s)` on Node, Bun and Deno, which can prove more, else the global fetch. */
  fetch?: typeof globalThis.fetch | undefined;
  /** The time to wait by; for tests. */
  clock?: Clock | undefined;
  /** A number from 0 to 1 for the pauses; for tests. */
  random?: (() => number) | undefined;
}

const REQUEST_OPTIONS: OptionTable<RequestOptions> = {
  headers: "",
  baseUrl: "",
  method: "",
  body: "",
  fetch: "function",
  clock: "",
  random: "function",
};

/**
 * Requests a file; its bytes come when they are asked for.
 * @example const file = await (await download("https://example.com/export.csv")).save("exports/");
 * @throws {@link DownloadError}; `signal.reason` after an abort; what a function as source throws
 */
export async function download(
  source: DownloadSource,
  options: DownloadOptions & RequestOptions = {},
): Promise<Download> {
  const { openDownload, DOWNLOAD_OPTIONS } = await import("./open.js"); // loaded at the first download
  checkOptions("download", options, { ...DOWNLOAD_OPTIONS, ...REQUEST_OPTIONS });
  return openDownload(await toFileSource(source, options), options, dependenciesOf(options));
}

/**
 * Requests a file and saves it; what can be wrong with the target is found before the first request.
 * @throws {@link DownloadError}; `signal.reason` after an abort; what a function as source throws
 */
export async function downloadTo(
  source: DownloadSource,
  to: SaveTarget,
  options: SaveOptions & RequestOptions = {},
): Promise<SavedFile> {
  const { saveDownload, SAVE_OPTIONS } = await import("./open.js");
  checkOptions("downloadTo", options, { ...SAVE_OPTIONS, ...REQUEST_OPTIONS });
  return saveDownload(await toFileSource(source, options), to, options, dependenciesOf(options));
}

function dependenciesOf({ clock = createSystemClock(), fetch, random }: RequestOptions) {
  return { clock, fetch, random };
}

async function toFileSource(
  source: DownloadSource,
  { headers, baseUrl, method, body }: RequestOptions,
): Promise<FileSource> {
  const { gzipSource } = await import("../gzip/gzip-source.js");
  const base = baseUrl === undefined ? undefined : toUrl(baseUrl);
  return gzipSource({
    allowHttp: base?.protocol !== "https:",
    async locate() {
      const url = toUrl(typeof source === "function" ? await source() : source, base);
      return { url, headers, method, body, trusted: !base || url.origin === base.origin };
    },
  });
}

/** @throws {@link DownloadError} `INVALID_URL` */
function toUrl(address: string | URL, base?: URL): URL {
  const url = parseUrl(address, base);
  if (url) return url;
  throw new DownloadError(
    "INVALID_URL",
    `download: the address is no URL${base ? "" : "; a relative one needs baseUrl"}`,
  );
}
