import { plainText, short } from "../errors/text.js";
import type { RawReply } from "../http/transport.js";
import { readText } from "./body.js";

/** How much of a refused reply is read and kept on the error. */
const MAX_BODY_BYTES = 8192;

/** What a reply says that is not the file. */
export interface RefusedBody {
  /** As it came. */
  readonly text: string;
  /** Without secrets. */
  readonly body: string;
  /** The beginning of it, as a message may quote it. */
  readonly quote: string;
}

/** Reads what a refused reply says, as far as it comes within the time of a stall, and ends the reply. */
export async function readRefused(reply: RawReply): Promise<RefusedBody> {
  reply.refused = true;
  const text = await readText(reply, MAX_BODY_BYTES, true);
  const body = reply.redact?.(text) ?? text;
  // A store repeats the address it was asked for, with its signature.
  return { text, body, quote: short(plainText(body).replace(/\?[^\s"'<>?=]*=[^\s"'<>]*/g, "?…")) };
}
