import { onAbort } from "../time/on-abort.js";
import { type ConnectionWatch, contentEncoding, type Transport } from "./transport.js";

/**
 * Requests by `fetch`: everywhere but Node, and on Node where the user gave one. It cannot prove how a chunked body ended (Node 20 accepts a
 * cut one as complete), and it decodes unasked without checking the end, so a body without a usable length has `unknown` framing.
 * @param watchConnection tells of a reset that `fetch` hides, where the runtime does
 */
export function fetchTransport(
  fetch: typeof globalThis.fetch,
  watchConnection?: (url: URL) => ConnectionWatch,
): Transport {
  return async (url, { signal, ...init }) => {
    const controller = new AbortController();
    if (signal?.aborted) controller.abort(signal.reason);
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    const stop = (reason: unknown) => {
      controller.abort(reason);
      reader?.cancel(reason).catch(() => {});
    };
    const removeListener = onAbort(signal, stop);
    const watch = watchConnection?.(url);
    const end = () => {
      removeListener();
      watch?.end();
    };
    const send = (redirect: "manual" | "follow") =>
      fetch(url.href, { ...(init as RequestInit), redirect, signal: controller.signal }); // undefined members are as good as none
    try {
      let response = await send("manual");
      // A browser hides where a redirect leads: it has to follow by itself.
      if (response.type === "opaqueredirect") response = await send("follow");
      watch?.sent();
      reader = response.body?.getReader();
      const encoded = contentEncoding(response.headers) !== "";
      return {
        status: response.status,
        headers: response.headers,
        url: new URL(response.url || url),
        body: reader ? readChunks(reader, controller.signal, watch) : null,
        framing: !encoded && response.headers.has("content-length") ? "length" : "unknown",
        decoded: true,
        destroy(reason?: unknown) {
          end();
          stop(reason);
        },
      };
    } catch (error) {
      end();
      throw error;
    }
  };
}

async function* readChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  signal: AbortSignal,
  watch: ConnectionWatch | undefined,
): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await reader.read();
    signal.throwIfAborted(); // the cancel may have ended the read before the abort did
    if (done && watch?.reset) throw watch.reset;
    if (done) return;
    yield value;
  }
}
