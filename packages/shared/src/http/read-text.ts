/** A reply that is longer than anybody wants to keep in memory. */
export class ReplyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`the reply has more than ${maxBytes} bytes`);
  }
}

/**
 * Reads a reply's body as UTF-8 text, but not more than `maxBytes` of it, counted as they are after decoding. A longer one is cancelled.
 * @throws {@link ReplyTooLarge}
 */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const announced = Number(response.headers.get("content-length"));
  if (announced > maxBytes) {
    await response.body?.cancel();
    throw new ReplyTooLarge(maxBytes);
  }
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > maxBytes) {
      reader.cancel().catch(() => {});
      throw new ReplyTooLarge(maxBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}
