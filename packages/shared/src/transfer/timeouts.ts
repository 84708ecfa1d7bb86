import { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions } from "../file/options.js";
import type { Cancellation } from "../file/sink.js";
import type { RawReply } from "../http/transport.js";
import type { Clock } from "../time/clock.js";
import { onAbort } from "../time/on-abort.js";

/** Everything that can end a download from outside: the caller's signal and the three timeouts. */
export interface TransferTimeouts extends Cancellation {
  /** Aborted by the caller's signal, with its reason, or by the timeout of the whole. */
  readonly signal: AbortSignal;
  readonly elapsedMs: number;
  /** Applies the options; called again when more are given. */
  configure(options: DownloadOptions): void;
  /** Waits for a reply's head, but not longer than allowed. */
  awaitHead(
    request: (signal: AbortSignal) => Promise<RawReply>,
    onTimeout: (error: DownloadError) => unknown,
  ): Promise<RawReply>;
  /** Ends the reply when it brings no byte for too long while a reader waits, or not its end if it is refused, or when the download is over. */
  watchBody(reply: RawReply): void;
  abort(reason: unknown): void;
  /** Removes every timer and listener. */
  dispose(): void;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Starts the timeouts of one download. */
export function createTransferTimeouts(clock: Clock): TransferTimeouts {
  const startedAt = clock.now();
  const controller = new AbortController();
  const { signal } = controller;
  const cleanups: (() => void)[] = [];
  let headersMs = 60_000;
  let stallMs = 30_000;
  let totalTimer: unknown;

  function race<T>(work: Promise<T>, also?: (reject: (reason: unknown) => void) => () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const removeListener = onAbort(signal, reject);
      const cleanUp = also?.(reject);
      if (signal.aborted) reject(signal.reason);
      work.then(resolve, reject).then(() => {
        removeListener();
        cleanUp?.();
      });
    });
  }

  function armTotal(totalMs: number): void {
    clock.clearTimeout(totalTimer);
    const leftMs = startedAt + totalMs - clock.now();
    if (leftMs <= 0) controller.abort(timeoutError("total", "not done", totalMs));
    else totalTimer = clock.setTimeout(() => armTotal(totalMs), Math.min(leftMs, MAX_TIMER_MS));
  }

  return {
    signal,
    race,
    get elapsedMs() {
      return clock.now() - startedAt;
    },
    configure({ signal: given, timeouts = {} }) {
      headersMs = timeouts.headersMs ?? headersMs;
      stallMs = timeouts.stallMs ?? stallMs;
      if (timeouts.totalMs !== undefined) armTotal(timeouts.totalMs);
      if (!given) return;
      if (given.aborted) controller.abort(given.reason);
      else cleanups.push(onAbort(given, (reason) => controller.abort(reason)));
    },
    async awaitHead(request, onTimeout) {
      const hop = new AbortController();
      const work = request(hop.signal);
      try {
        return await race(work, (reject) => {
          const timer = clock.setTimeout(
            () => reject(onTimeout(timeoutError("headers", "no reply", headersMs))),
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
    watchBody: (reply) => watchBody(reply, signal, clock, () => stallMs),
    abort: (reason) => controller.abort(reason),
    dispose() {
      clock.clearTimeout(totalTimer);
      for (const cleanUp of cleanups.splice(0)) cleanUp();
    },
  };
}

/** Replaces the reply's body and `destroy` by ones that the stall timeout and the signal can end. */
function watchBody(reply: RawReply, signal: AbortSignal, clock: Clock, stallMs: () => number): void {
  const { body, destroy } = reply;
  let waitingSince: number | undefined;
  let timer: unknown;
  let stalled: DownloadError | undefined;
  const removeListener = onAbort(signal, (reason) => reply.destroy(reason));

  const check = () => {
    timer = undefined;
    if (waitingSince === undefined) return;
    const leftMs = waitingSince + stallMs() - clock.now();
    if (leftMs > 0) {
      timer = clock.setTimeout(check, leftMs);
      return;
    }
    stalled = timeoutError("stall", "no byte", stallMs());
    reply.destroy(stalled);
  };
  const iterator = body?.[Symbol.asyncIterator]();
  const next = async () => {
    waitingSince ??= clock.now();
    timer ??= clock.setTimeout(check, stallMs());
    try {
      return await (iterator as AsyncIterator<Uint8Array>).next(); // only called where there is a body
    } catch (error) {
      throw stalled ?? error;
    } finally {
      if (!reply.refused) waitingSince = undefined;
    }
  };
  if (iterator) reply.body = { [Symbol.asyncIterator]: () => ({ next }) };
  reply.destroy = (reason) => {
    removeListener();
    clock.clearTimeout(timer);
    destroy.call(reply, reason);
  };
}

function timeoutError(phase: "headers" | "stall" | "total", what: string, ms: number): DownloadError {
  return new DownloadError("TIMEOUT", `download: ${what} within ${ms / 1000} s`, { phase });
}
