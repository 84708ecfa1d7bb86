import { platform } from "#platform";
import { type RawReply, undoneEncoding } from "../http/transport.js";

/** The body without its content encoding. */
export function decodedBody(reply: RawReply): AsyncIterable<Uint8Array> {
  const { body, decoded } = reply;
  if (!body) return empty();
  const encoding = undoneEncoding(reply);
  return encoding && !decoded ? platform.decode(body, encoding) : body;
}

/**
 * Reads the first `maxBytes` of a reply as UTF-8 text and ends the reply, whether it has more or not.
 * @param tolerant makes do with what came of a body that breaks off
 */
export async function readText(reply: RawReply, maxBytes: number, tolerant = false): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytesLeft = maxBytes;
  try {
    for await (const chunk of decodedBody(reply)) {
      text += decoder.decode(chunk.subarray(0, bytesLeft), { stream: true });
      bytesLeft -= chunk.length;
      if (bytesLeft <= 0) break;
    }
  } catch (error) {
    if (!tolerant) throw error;
  } finally {
    reply.destroy();
  }
  return text + decoder.decode();
}

async function* empty(): AsyncGenerator<Uint8Array> {}
