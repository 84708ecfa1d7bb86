// `save.mjs <client> <url> <path>`: one download to disk, as the client's own documents show it.
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const [, , client, url, path] = process.argv;

const clients = {
  async outhaul(options = {}) {
    const { downloadTo } = await import("@outhaul/shared");
    await downloadTo(url, path, { overwrite: "replace", ...options });
  },
  "outhaul, sha256": () => clients.outhaul({ sha256: true }),
  async fetch() {
    const { body } = await fetch(url);
    await pipeline(Readable.fromWeb(body), createWriteStream(path));
  },
  async undici() {
    const { request } = await import("undici");
    const { body } = await request(url);
    await pipeline(body, createWriteStream(path));
  },
  async got() {
    const { default: got } = await import("got");
    await pipeline(got.stream(url), createWriteStream(path));
  },
  async axios() {
    const { default: axios } = await import("axios");
    const { data } = await axios.get(url, { responseType: "stream" });
    await pipeline(data, createWriteStream(path));
  },
  async ky() {
    const { default: ky } = await import("ky");
    const { body } = await ky(url, { timeout: false });
    await pipeline(Readable.fromWeb(body), createWriteStream(path));
  },
};
await clients[client]();
process.exit(0); // a connection that is kept alive would keep the process
