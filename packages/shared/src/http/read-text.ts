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
  const decoder = new TextDecoder();
  let text = "";
  await readBody(response, maxBytes, signal, (chunk) => {
    text += decoder.decode(chunk, { stream: true });
  });
  return text + decoder.decode();
}

/** Reads a reply's body piece by piece, with the bounds of {@link readText}. */
export async function readBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal | undefined,
  take: (chunk: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  const announced = Number(response.headers.get("content-length"));
  if (announced > maxBytes) {
    await response.body?.cancel();
    throw new ReplyTooLarge(maxBytes);
  }
  if (!response.body) return;
  const reader = response.body.getReader();
  const cancel = (reason: unknown) => void reader.cancel(reason).catch(() => {});
  const removeListener = onAbort(signal, cancel);
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
      if (bytes > maxBytes) throw new ReplyTooLarge(maxBytes);
      take(value);
    }
  } finally {
    removeListener();
    if (bytes > maxBytes) cancel(undefined);
  }
}
