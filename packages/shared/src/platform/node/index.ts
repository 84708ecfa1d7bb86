import { channel } from "node:diagnostics_channel";
import type { EventChannel } from "../../client/events.js";
import type { FileOptions } from "../../file/options.js";
import type { DownloadSink, TransferInfo } from "../../file/sink.js";
import type { ByteTransport } from "../../http/transport.js";
import type { Hash } from "../../transfer/digests.js";

// Everything that Node has not loaded by itself is imported when it is first needed: importing the package stays cheap.

/** Where anybody in the process can listen, without the client knowing of it. */
export function eventChannel(name: string): EventChannel {
  return channel(name);
}

/** The platform's own way of requesting: `node:http` and `node:https`, which prove how a body ended. */
export function platformTransport(agent: object | undefined): ByteTransport | undefined {
  return async (url, init) => (await import("./transport.js")).nodeTransport(agent)(url, init);
}

/** Undoes a content encoding, and proves that it ended well. */
export async function* decode(body: AsyncIterable<Uint8Array>, encoding: string): AsyncIterable<Uint8Array> {
  yield* (await import("./decode.js")).decodeBody(body, encoding);
}

export async function createHash(name: "sha256" | "md5"): Promise<Hash> {
  const hash = (await import("node:crypto")).createHash(name);
  return { update: (chunk) => void hash.update(chunk), digest: async () => hash.digest("hex") };
}

/** Whether a file can be saved there, as far as it can be told without making anything. @throws {@link DownloadError} */
export async function checkPath(to: string | URL, options: FileOptions): Promise<void> {
  await (await import("./file-target.js")).fileTarget(to, options);
}

/** Where a file's bytes go on disk; nothing is made there before it is known that the reply is good. */
export async function openPath(
  to: string | URL,
  options: FileOptions,
  transfer: TransferInfo,
): Promise<DownloadSink> {
  return (await import("./file-sink.js")).openFileSink(to, options, transfer);
}

export async function cleanupDirectory(directory: string | URL, olderThanMs: number): Promise<string[]> {
  return (await import("./cleanup.js")).cleanupPartials(directory, olderThanMs);
}
