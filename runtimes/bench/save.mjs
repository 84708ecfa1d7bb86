// `save.mjs <client> <url> <path> [<header line>]`: one download to disk, as the client's own documents show it, with the retries that they offer.
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const [, , client, url, path, line] = process.argv;
const headers = line ? Object.fromEntries([line.split(": ")]) : {};

const clients = {
  async outhaul(options = {}) {
    const { downloadTo } = await import("@outhaul/shared");
    await downloadTo(url, path, { overwrite: "replace", headers, ...options });
  },
  "outhaul, sha256": () => clients.outhaul({ sha256: true }),
  /** As a vendor's client saves: it knows the type of its files, and where a new link comes from. */
  async "outhaul, kept"() {
    const { downloadTo } = await import("@outhaul/shared");
    let links = 0;
    const source = () => url.replace(/link=\d+/, `link=${++links}`);
    await downloadTo(source, path, { headers, expectType: "text/csv", keepPartial: true });
  },
  async fetch() {
    const response = await fetch(url, { headers });
    if (!response.ok) throw new Error(`${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
  },
  async undici() {
    const { Agent, interceptors, request, RetryAgent } = await import("undici");
    const dispatcher = new RetryAgent(new Agent()).compose(interceptors.redirect({ maxRedirections: 5 }));
    const { body, statusCode } = await request(url, { dispatcher, headers });
    if (statusCode >= 400) throw new Error(`${statusCode}`);
    await pipeline(body, createWriteStream(path));
  },
  async got() {
    const { default: got } = await import("got");
    let file;
    await new Promise((resolve, reject) => {
      const attempt = (stream) => {
        file?.destroy();
        file = createWriteStream(path).once("finish", resolve).once("error", reject);
        stream.once("retry", (_count, _error, createRetryStream) => attempt(createRetryStream()));
        stream.once("error", reject).pipe(file);
      };
      attempt(got.stream(url, { headers }));
    });
  },
  async axios() {
    const { default: axios } = await import("axios");
    const { data } = await axios.get(url, {
      responseType: "stream",
      headers,
      sensitiveHeaders: ["x-api-key"],
    });
    await pipeline(data, createWriteStream(path));
  },
  async ky() {
    const { default: ky } = await import("ky");
    const { body } = await ky(url, { timeout: false, headers });
    await pipeline(Readable.fromWeb(body), createWriteStream(path));
  },
};
await clients[client]();
process.exit(0); // a connection that is kept alive would keep the process
