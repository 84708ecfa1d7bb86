import {
  Z_BUF_ERROR,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  ZStream,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateReset,
} from "pako";
import { DownloadError } from "../../errors/download-error.js";
import type { Gunzip } from "../gunzip.js";

/** The largest window, and gzip only. */
const GZIP_WINDOW_BITS = 15 + 16;

const OUTPUT_BYTES = 65_536;

/**
 * By pako. A `DecompressionStream` takes one member only, and some runtimes drop the others without an error.
 */
export const gunzip: Gunzip = async function* (body) {
  const stream = new ZStream();
  zlibInflateInit2(stream, GZIP_WINDOW_BITS);
  let isBetweenMembers = false;
  let isPadded = false;
  let output = new Uint8Array(OUTPUT_BYTES);

  /** Passes over zeros behind a member, and begins the next one. */
  function beginMember(chunk: Uint8Array): void {
    while (chunk[stream.next_in] === 0) {
      stream.next_in++;
      stream.avail_in--;
      isPadded = true;
    }
    if (!stream.avail_in) return;
    if (isPadded) throw damaged("data behind the padding");
    zlibInflateReset(stream);
    isBetweenMembers = false;
  }

  for await (const chunk of body) {
    Object.assign(stream, { input: chunk, next_in: 0, avail_in: chunk.length, avail_out: 1 });
    // A full output may hold back more that the same input has brought.
    while (stream.avail_in > 0 || stream.avail_out === 0) {
      if (isBetweenMembers) beginMember(chunk);
      if (isBetweenMembers) break;
      Object.assign(stream, { output, next_out: 0, avail_out: OUTPUT_BYTES });
      const status = zlibInflate(stream, Z_NO_FLUSH);
      if (stream.next_out > 0) {
        yield output.subarray(0, stream.next_out);
        output = new Uint8Array(OUTPUT_BYTES);
      }
      if (status === Z_STREAM_END) isBetweenMembers = true;
      else if (status !== Z_OK && status !== Z_BUF_ERROR) throw damaged(stream.msg);
    }
  }
  if (!isBetweenMembers)
    throw Object.assign(new Error("the encoded body ends too early"), { code: "Z_BUF_ERROR" });
};

function damaged(problem: string): DownloadError {
  return new DownloadError("DECODE_ERROR", `download: the body is no valid gzip (${problem})`);
}
