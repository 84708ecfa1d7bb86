import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** How many parts the file has that comes in parts. */
const PARTS = 3;

/** The bytes of a part of a version, a CSV of less than a buffer. */
export function partOf(version: number, part: number): Buffer {
  const rows = Array.from({ length: 400 }, (_, row) => `${version},${part},${row}\n`);
  return Buffer.from(`version,part,row\n${rows.join("")}`);
}

/** All parts of a version. */
export function partsOf(version: number): Buffer[] {
  return Array.from({ length: PARTS }, (_, index) => partOf(version, index + 1));
}

/** A server of one file, which can be held up in the middle of it. */
export interface FileServer {
  readonly url: string;
  /** The address of the file in parts, which is another one for each version. */
  readonly partsUrl: string;
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

/** Serves versions of a file of so many bytes, and of one in parts, with strong validators and ranges (RFC 9110 §13, §14). */
export async function startServer(bytes: number): Promise<FileServer> {
  let version = 1;
  let whole = contentOf(version, bytes);
  let etag = '"1"';
  let holdAt = Number.POSITIVE_INFINITY;
  let reached = () => {};
  let sent = 0;
  async function* send(body: Buffer, from: number): AsyncGenerator<Buffer> {
    for (let at = from; at < body.length; ) {
      const end = Math.min(at + 65_536, body.length, holdAt > at ? holdAt : body.length);
      sent += end - at;
      yield body.subarray(at, end);
      at = end;
      if (at !== holdAt) continue;
      reached();
      await new Promise(() => {}); // the rest never comes
    }
  }
  const server = createServer(async (request, reply) => {
    const { range: asked, "if-range": condition } = request.headers;
    const from = condition === etag ? Number(/^bytes=(\d+)-$/.exec(asked ?? "")?.[1] ?? 0) : 0;
    // `/v1/part-2` of a list; `/v1/file?part=2` as a page, which names the next one.
    const [, listed, page] = /^\/v\d\/(?:part-(\d)|file\?part=(\d))$/.exec(request.url ?? "") ?? [];
    const part = Number(listed ?? page ?? 0);
    const content = part ? partOf(version, part) : whole;
    const { length } = content;
    const headers = {
      "content-type": part ? "text/csv" : "application/octet-stream",
      etag,
      "accept-ranges": "bytes",
      ...(page && { "x-next": part < PARTS ? part + 1 : "" }),
    };
    if (from >= length) {
      reply.writeHead(416, { ...headers, "content-range": `bytes */${length}` }).end();
      return;
    }
    const range = from ? { "content-range": `bytes ${from}-${length - 1}/${length}` } : {};
    reply.writeHead(from ? 206 : 200, { ...headers, ...range, "content-length": length - from });
    await pipeline(Readable.from(send(content, from)), reply).catch(() => {}); // its client was killed
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}/file`,
    get partsUrl() {
      return `http://127.0.0.1:${port}/v${version}/file`;
    },
    get sent() {
      return sent;
    },
    serve(next, at = Number.POSITIVE_INFINITY) {
      version = next;
      whole = contentOf(version, bytes);
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
