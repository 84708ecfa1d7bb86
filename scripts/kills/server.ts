import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A server of one file, which can be held up in the middle of it. */
export interface FileServer {
  readonly url: string;
  /** How many bytes of bodies it has sent. */
  readonly sent: number;
  /** From now on the file of this version; it is held up once it has sent the byte `at`, and says so. */
  serve(version: number, holdAt?: number): Promise<void>;
  close(): void;
}

/** The bytes of a version of the file. */
export function contentOf(version: number, bytes: number): Buffer {
  const block = createHash("sha512").update(String(version)).digest();
  const content = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 64) {
    block.writeUInt32LE(at, 0);
    block.copy(content, at);
  }
  return content;
}

/** Serves versions of a file of so many bytes, with strong validators and ranges (RFC 9110 §13, §14). */
export async function startServer(bytes: number): Promise<FileServer> {
  let content = contentOf(1, bytes);
  let etag = '"1"';
  let holdAt = Number.POSITIVE_INFINITY;
  let reached = () => {};
  let sent = 0;
  async function* send(body: Buffer, from: number): AsyncGenerator<Buffer> {
    for (let at = from; at < bytes; ) {
      const end = Math.min(at + 65_536, bytes, holdAt > at ? holdAt : bytes);
      sent += end - at;
      yield body.subarray(at, end);
      at = end;
      if (at !== holdAt) continue;
      reached();
      await new Promise(() => {}); // the rest never comes
    }
  }
  const server = createServer(async (request, reply) => {
    const { range, "if-range": condition } = request.headers;
    const from = condition === etag ? Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0) : 0;
    const headers = { "content-type": "application/octet-stream", etag, "accept-ranges": "bytes" };
    if (from >= bytes) {
      reply.writeHead(416, { ...headers, "content-range": `bytes */${bytes}` }).end();
      return;
    }
    const part = from ? { "content-range": `bytes ${from}-${bytes - 1}/${bytes}` } : {};
    reply.writeHead(from ? 206 : 200, { ...headers, ...part, "content-length": bytes - from });
    await pipeline(Readable.from(send(content, from)), reply).catch(() => {}); // its client was killed
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}/file`,
    get sent() {
      return sent;
    },
    serve(version, at = Number.POSITIVE_INFINITY) {
      content = contentOf(version, bytes);
      etag = `"${version}"`;
      holdAt = at;
      return new Promise((resolve) => {
        reached = resolve;
      });
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
