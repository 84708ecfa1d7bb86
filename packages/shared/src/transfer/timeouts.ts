import { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions } from "../file/options.js";
import type { RawReply } from "../http/transport.js";
import type { Clock } from "../time/clock.js";

/** All that can end a download from outside: the caller's signal and the three timeouts. */
export interface Patience {
  /** Aborted by the caller's signal, with its reason, or by the timeout of the whole. */
  readonly signal: AbortSignal;
  readonly elapsedMs: number;
  /** Heeds the options; called again when more are given. */
  heed(options: DownloadOptions): void;
  /** Rejects when the signal is aborted, whatever the work does. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Waits for a reply's head, but not longer than allowed. */
  head(
    request: (signal: AbortSignal) => Promise<RawReply>,
    timedOut: (error: DownloadError) => unknown,
  ): Promise<RawReply>;
  /** Ends the reply when it brings no byte for too long, or the download is over; only while somebody waits for one. */
  watch(reply: RawReply): void;
  abort(reason: unknown): void;
  /** Leaves no timer and no listener. */
  settle(): void;
}

const LONGEST_DELAY = 2 ** 31 - 1;

export function createPatience(clock: Clock): Patience {
  const startedAt = clock.now();
  const stop = new AbortController();
  const { signal } = stop;
  const undo: (() => void)[] = [];
  let { headersMs, stallMs } = { headersMs: 60_000, stallMs: 30_000 };
  let total: unknown;
  const timeout = (phase: "headers" | "stall" | "total", what: string, ms: number) =>
    new DownloadError("TIMEOUT", `download: ${what} within ${ms / 1000} s`, { phase });

  function listen(to: AbortSignal, abort: () => void): () => void {
    to.addEventListener("abort", abort, { once: true });
    return () => to.removeEventListener("abort", abort);
  }

  function race<T>(work: Promise<T>, also?: (reject: (reason: unknown) => void) => () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const forget = listen(signal, () => reject(signal.reason));
      const end = also?.(reject);
      if (signal.aborted) reject(signal.reason);
      const after = () => {
        forget();
        end?.();
      };
      work.then(resolve, reject).then(after);
    });
  }

  return {
    signal,
    race,
    get elapsedMs() {
      return clock.now() - startedAt;
    },
    heed({ signal: given, timeouts = {} }) {
      headersMs = timeouts.headersMs ?? headersMs;
      stallMs = timeouts.stallMs ?? stallMs;
      const { totalMs } = timeouts;
      if (totalMs !== undefined) {
        const arm = () => {
          const left = startedAt + totalMs - clock.now();
          if (left <= 0) stop.abort(timeout("total", "not done", totalMs));
          else total = clock.setTimeout(arm, Math.min(left, LONGEST_DELAY));
        };
        clock.clearTimeout(total);
        arm();
      }
      if (given) {
        const abort = () => stop.abort(given.reason);
        if (given.aborted) abort();
        else undo.push(listen(given, abort));
      }
    },
    async head(request, timedOut) {
      const hop = new AbortController();
      const work = request(hop.signal);
      try {
        return await race(work, (reject) => {
          const timer = clock.setTimeout(
            () => reject(timedOut(timeout("headers", "no reply", headersMs))),
            headersMs,
          );
          return () => clock.clearTimeout(timer);
        });
      } catch (error) {
        hop.abort(error);
        work.then((late) => late.destroy()).catch(() => {});
        throw error;
      }
    },
    watch(reply) {
      const { body, destroy } = reply;
      let since: number | undefined;
      let timer: unknown;
      const forget = listen(signal, () => reply.destroy(signal.reason));
      const check = () => {
        timer = undefined;
        if (since === undefined) return;
        const left = since + stallMs - clock.now();
        if (left > 0) timer = clock.setTimeout(check, left);
        else {
          stalled = timeout("stall", "no byte", stallMs);
          reply.destroy(stalled);
        }
      };
      let stalled: DownloadError | undefined;
      const iterator = body?.[Symbol.asyncIterator]();
      const next = async () => {
        since = clock.now();
        timer ??= clock.setTimeout(check, stallMs);
        try {
          return await (iterator as AsyncIterator<Uint8Array>).next(); // only called where there is a body
        } catch (error) {
          throw stalled ?? error;
        } finally {
          since = undefined;
        }
      };
      if (iterator) reply.body = { [Symbol.asyncIterator]: () => ({ next }) };
      reply.destroy = (reason) => {
        forget();
        clock.clearTimeout(timer);
        destroy.call(reply, reason);
      };
    },
    abort: (reason) => stop.abort(reason),
    settle() {
      clock.clearTimeout(total);
      for (const forget of undo.splice(0)) forget();
    },
  };
}
