import { platformTransport } from "#platform";
import { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions } from "../file/options.js";
import type { HeldBytes } from "../file/sink.js";
import { fetchTransport } from "../http/fetch-transport.js";
import type { Clock } from "../time/clock.js";
import { sleep } from "../time/sleep.js";
import { refuseChange, takeReply } from "./attempt.js";
import { judge } from "./decision.js";
import { createProgress } from "./progress.js";
import { refuse } from "./refusal.js";
import { createRequester } from "./request.js";
import { backoffMs, Retry } from "./retry.js";
import type { FileSource } from "./source.js";
import { annotate, failure, restOf, type Step, type TransferState } from "./state.js";
import { createPatience, type Patience } from "./timeouts.js";

/** What a download is given beside its source and options. */
export interface TransferDeps {
  clock: Clock;
  /** The user's; else the platform's best transport is used. */
  fetch?: typeof globalThis.fetch | undefined;
  random?: (() => number) | undefined;
}

/** One file's way here, over as many attempts as it takes. */
export interface Transfer {
  readonly patience: Patience;
  readonly state: Readonly<TransferState>;
  /** The steps, once; their end is the proof that all bytes came. */
  readonly steps: AsyncGenerator<Step, void>;
  /** The source's address, without its query. */
  key(): Promise<string>;
  /** Whether every redirect was seen. */
  readonly redirectsVerified: boolean;
  /** More options, and whether passed bytes can be forgotten; before the first chunk is taken. */
  prepare(options: DownloadOptions, rewindable: boolean): void;
  /** Goes on with bytes of an earlier run, before the first chunk is taken; `false` where nothing proves that they are the file's. */
  adopt(held: HeldBytes): boolean;
}

export function createTransfer(
  source: FileSource,
  options: DownloadOptions,
  { clock, fetch, random = Math.random }: TransferDeps,
): Transfer {
  const patience = createPatience(clock);
  const { signal } = patience;
  const progress = createProgress(clock, () => state.options);
  const state: TransferState = {
    options,
    progress,
    bytes: 0,
    tail: new Uint8Array(),
    rewindable: true,
    attempts: 0,
    resumed: 0,
    restarted: 0,
    integrity: "none",
  };
  const transport = fetch
    ? fetchTransport(fetch)
    : (platformTransport(options.agent) ?? fetchTransport((...call) => globalThis.fetch(...call)));
  const requester = createRequester(source, state, transport, patience);
  let held: HeldBytes | undefined;
  let renewed = false;
  let failures = 0;
  let best = 0;
  let digestFailed = false;
  patience.heed(options);

  /** Whether an address that no longer works has a successor. */
  async function renews(status: number): Promise<boolean> {
    const expired =
      status === 401 ||
      (/^(403|404|410)$/.test(String(status)) && (state.head !== undefined || requester.redirected));
    if (!expired || renewed) return false;
    renewed = true;
    return requester.renew();
  }

  async function* attempt(): AsyncGenerator<Step, void> {
    const asked = requester.isGet ? restOf(state) : undefined;
    const reply = await requester.send(asked?.headers ?? {});
    patience.watch(reply);
    try {
      const { status, url } = reply;
      const { version } = state;
      const verdict = judge(reply, {
        from: asked?.from,
        held: state.bytes,
        version: version && { ...version, total: version.total ?? state.options.expected?.sizeBytes },
      });
      if (verdict.use === "error") {
        const { code, problem, transient } = verdict;
        if (await renews(status)) throw new Retry(failure(code, url, problem, { status }), { now: true });
        await refuse(reply, code, problem, transient, clock.now());
      } else if (verdict.use === "again") {
        if (verdict.changed) refuseChange(state, url, verdict.problem);
        throw new Retry(failure("RANGE_MISMATCH", url, verdict.problem), {
          now: true,
          whole: verdict.changed ? "changed" : "rangeMismatch",
        });
      } else yield* takeReply(state, reply, verdict, { from: asked?.from ?? 0, source, held: () => held });
    } finally {
      reply.destroy();
    }
  }

  /** The pause before the next attempt; throws where there is none. */
  function pauseAfter({ error, how }: Retry): number {
    if (state.bytes > best) {
      best = state.bytes;
      failures = 0;
      renewed = false;
    }
    failures++;
    const { retry = {} } = state.options;
    const { attempts = 5, maxElapsedMs = Infinity, maxRetryAfterMs = 60_000 } = retry;
    const { afterMs = 0, whole } = how;
    const wait = how.now ? 0 : afterMs || backoffMs(failures, retry, random);
    if (!requester.repeatable) error.message += "; not repeated, as it is not a GET: see retry.unsafeMethods";
    const inVain = whole === "digestMismatch" && (digestFailed || !state.rewindable);
    if (
      failures >= Math.min(attempts, how.attempts ?? attempts) ||
      inVain ||
      !requester.repeatable ||
      afterMs > maxRetryAfterMs ||
      patience.elapsedMs + wait > maxElapsedMs
    ) {
      if (state.attempts > 1) error.message += ` (attempt ${state.attempts}, at byte ${state.bytes})`;
      throw error;
    }
    digestFailed ||= whole === "digestMismatch";
    state.whole ??= whole;
    if (state.bytes && !state.rewindable && !restOf(state) && !state.version?.etag) {
      throw new DownloadError(
        "CANNOT_RESTART",
        `${error.message}; it cannot go on there, and what came is delivered`,
        { cause: error },
      );
    }
    progress.tell({ type: "retry", attempt: state.attempts, waitMs: wait, error });
    progress.at(state.bytes, state.version?.total, "retrying");
    return wait;
  }

  async function* run(): AsyncGenerator<Step, void> {
    try {
      for (;;) {
        signal.throwIfAborted();
        let pause: number;
        try {
          state.attempts++;
          return yield* attempt();
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof Retry)) throw error;
          pause = pauseAfter(error);
        }
        await sleep(clock, pause, signal);
      }
    } catch (error) {
      throw annotate(error, state);
    } finally {
      patience.settle();
    }
  }

  return {
    patience,
    state,
    steps: run(),
    key: requester.key,
    get redirectsVerified() {
      return requester.verified;
    },
    prepare(more, rewindable) {
      state.options = { ...state.options, ...more };
      state.rewindable = rewindable;
      patience.heed(more);
    },
    adopt(found) {
      const { version } = state;
      const validator = version?.etag
        ? version.etag === found.version.etag
        : version?.lastModified && version.lastModified === found.version.lastModified;
      if (version ? !validator : !found.version.etag && !found.version.lastModified) return false;
      held = found;
      state.bytes = best = found.bytes;
      state.version = { ...found.version, ...version };
      return true;
    },
  };
}
