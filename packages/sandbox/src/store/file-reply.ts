import type { ExportFile } from "../job/export-file.js";
import type { Reply } from "../reply/reply.js";
import { parseRange } from "./byte-range.js";
import { xmlError } from "./xml-error.js";

/** The reply with a file, or with the requested part of it (RFC 9110 §14). */
export function fileReply(request: Headers, file: ExportFile): Reply {
  const { sizeBytes, etag, mediaType } = file;
  const headers = new Headers({ "accept-ranges": "bytes", etag, "content-type": mediaType });
  const ifRange = request.get("if-range");
  const range =
    ifRange === null || ifRange === etag ? parseRange(request.get("range"), sizeBytes) : undefined;
  if (range === "unsatisfiable") {
    const reply = xmlError(416, "InvalidRange", "The requested range is not satisfiable");
    reply.headers.set("content-range", `bytes */${sizeBytes}`);
    return reply;
  }
  const { from, to } = range ?? { from: 0, to: sizeBytes };
  headers.set("content-length", String(to - from));
  if (range) headers.set("content-range", `bytes ${from}-${to - 1}/${sizeBytes}`);
  const body = { sizeBytes: to - from, chunks: () => slice(file.chunks(), from, to) };
  return { status: range ? 206 : 200, headers, body, isFile: true };
}

function* slice(chunks: Iterable<Uint8Array>, from: number, to: number): Iterable<Uint8Array> {
  let at = 0;
  for (const chunk of chunks) {
    const start = at;
    at += chunk.length;
    if (at > from) yield chunk.subarray(Math.max(from - start, 0), Math.min(to - start, chunk.length));
    if (at >= to) return;
  }
}
