import { onAbort } from "../time/on-abort.js";

/** A reply that is longer than anybody wants to keep in memory. */
export class ReplyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`the reply has more than ${maxBytes} bytes`);
  }
}

/**
 * Reads a reply's body as UTF-8 text, but not more than `maxBytes` of it, counted as they are after decoding. A longer one is cancelled, and so is one that an abort finds unread.
 * @throws {@link ReplyTooLarge}
 */
export async function readText(response: Response, maxBytes: number, signal?: AbortSignal): Promise<string> {
  const announced = Number(response.headers.get("content-length"));
  if (announced > maxBytes) {
    await response.body?.cancel();
    throw new ReplyTooLarge(maxBytes);
  }
  if (!response.body) return "";
  const reader = response.body.getReader();
  const cancel = (reason: unknown) => void reader.cancel(reason).catch(() => {});
  const removeListener = onAbort(signal, cancel);
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.length;
      if (bytes > maxBytes) throw new ReplyTooLarge(maxBytes);
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    removeListener();
    if (bytes > maxBytes) cancel(undefined);
  }
}
