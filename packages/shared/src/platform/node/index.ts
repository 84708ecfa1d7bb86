import { channel } from "node:diagnostics_channel";
import type { FileStore, Platform } from "../platform.js";
import { cleanCause } from "./clean-cause.js";
import { watchConnection } from "./connection-watch.js";
import { didYouMean } from "./did-you-mean.js";
import { NOT_SENT, PERMANENT } from "./error-codes.js";

// Node has loaded this module by itself; all others are imported when they are first needed, so that importing the package stays cheap.

const files: FileStore = {
  targetHint(to) {
    if (to === undefined) return "; it is missing";
    return "pipe" in Object(to) ? "; give a stream of Node as Writable.toWeb(stream)" : "";
  },
  async checkPath(to, options) {
    return (await (await import("./files/index.js")).fileTarget(to, options)).name;
  },
  async openPath(to, options, file) {
    return (await import("./files/index.js")).openFileSink(to, options, file);
  },
  async openParts(to, target) {
    return (await import("./parts/parts-folder.js")).openPartsFolder(to, target);
  },
  async cleanupDirectory(directory, olderThanMs) {
    return (await import("./files/index.js")).cleanupPartials(directory, olderThanMs);
  },
};

/** Node, Bun and Deno: requests by `node:http(s)`, which report how a body ended, and files. */
export const platform: Platform = {
  eventChannel: channel,
  createTransport: (agent, fetch) =>
    fetch ? undefined : async (url, init) => (await import("./transport.js")).nodeTransport(agent)(url, init),
  fetchBy(agent, fetch) {
    if (!agent) return undefined;
    if (fetch) throw new TypeError('give either the option "fetch" or "agent", not both');
    return async (input, init = {}) =>
      (await import("./agent-fetch.js")).agentFetch(agent, new URL(String(input)), init);
  },
  watchConnection,
  notSent: NOT_SENT,
  permanent: PERMANENT,
  didYouMean,
  cleanCause,
  async *decode(body, encoding) {
    yield* (await import("./decode.js")).decodeBody(body, encoding);
  },
  async createHash(name) {
    const hash = (await import("node:crypto")).createHash(name);
    return { update: (chunk) => void hash.update(chunk), digest: async () => hash.digest("hex") };
  },
  files,
};
