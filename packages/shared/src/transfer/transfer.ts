import { platform } from "#platform";
import type { DownloadOptions, SaveOptions } from "../file/options.js";
import type { SavedFile, SaveTarget } from "../file/result.js";
import type { PartialFile } from "../file/sink.js";
import { fetchTransport } from "../http/fetch-transport.js";
import { contentEncoding, type RawReply } from "../http/transport.js";
import type { Clock } from "../time/clock.js";
import { sleep } from "../time/sleep.js";
import { receiveReply, resumeDigests } from "./attempt.js";
import { decideReply } from "./decision.js";
import { createProgressReporter } from "./progress.js";
import { refuseReply } from "./refusal.js";
import { createFileRequests } from "./request.js";
import { RetryableFailure } from "./retry.js";
import type { RetryPolicy } from "./retry-policy.js";
import type { FileSource } from "./source.js";
import {
  annotate,
  checkChangeAllowed,
  downloadError,
  rangeOfRest,
  type TransferState,
  type TransferStep,
} from "./state.js";
import { createTransferTimeouts, type TransferTimeouts } from "./timeouts.js";

/** What a transfer needs beside its source and options. */
export interface TransferDependencies {
  clock: Clock;
  /** The user's `fetch`; without it the platform's best transport is used. */
  fetch?: typeof globalThis.fetch | undefined;
  /** The client's agent; an option of the download replaces it. */
  agent?: object | undefined;
  /** For jitter. @default Math.random */
  random?: (() => number) | undefined;
}

/** The way of one file, over as many attempts as it needs. */
export interface Transfer {
  readonly timeouts: TransferTimeouts;
  readonly state: Readonly<TransferState>;
  /** The steps, once; their end is the proof that all bytes came. */
  readonly steps: AsyncGenerator<TransferStep, void>;
  /** The source's address without its query, which identifies it. */
  sourceKey(): Promise<string>;
  /** Adds options and says whether bytes can be taken back; called before the first chunk is read. */
  configure(options: DownloadOptions, rewindable: boolean, targetName?: string): void;
  /** Goes on with bytes of an earlier run, before the first chunk is read; `false` if nothing proves that they are the file's. */
  adopt(partial: PartialFile): boolean;
  /** Saves in a way of its own, as a file in parts does; `saveOne` saves what has none. */
  save?(to: SaveTarget, options: SaveOptions, saveOne: SaveOne): Promise<SavedFile>;
}

/** Saves a transfer to a target. */
export type SaveOne = (transfer: Transfer, to: SaveTarget, options: SaveOptions) => Promise<SavedFile>;

/** {@link createTransfer}, for what is put between a transfer and its caller. */
export type CreateTransfer = typeof createTransfer;

export function createTransfer(
  source: FileSource,
  options: DownloadOptions,
  { clock, fetch, agent, random = Math.random }: TransferDependencies,
): Transfer {
  const timeouts = createTransferTimeouts(clock);
  const { signal } = timeouts;
  const progress = createProgressReporter(clock, () => state.options);
  const state: TransferState = {
    options,
    source,
    progress,
    bytes: 0,
    tail: new Uint8Array(),
    rewindable: true,
    attempts: 0,
    resumed: 0,
    restarted: 0,
    renewed: false,
    redirectsVerified: true,
    integrity: "none",
  };
  const transport =
    platform.createTransport(options.agent ?? agent, fetch) ??
    fetchTransport(fetch ?? ((...call) => globalThis.fetch(...call)), platform.watchConnection);
  const requests = createFileRequests(state, transport, timeouts);
  let created: RetryPolicy | undefined;
  const policy = async (): Promise<RetryPolicy> => {
    const { createRetryPolicy } = await import("./retry-policy.js"); // most downloads have no use for it
    created ??= createRetryPolicy(state, requests, timeouts, random, () => !!rangeOfRest(state));
    return created;
  };
  let partial: PartialFile | undefined;
  timeouts.configure(options);

  /** Asks for a fresh address after a reply that says the old one has expired; `false` if that does not help. */
  async function renewAddress(reply: RawReply): Promise<boolean> {
    const { status } = reply;
    const workedBefore = state.head !== undefined || requests.isRedirected();
    const isRefused = status === 401 || source.isRefused?.(reply);
    const isExpired = isRefused || ([403, 404, 410].includes(status) && workedBefore);
    if (!isExpired || state.renewed) return false;
    state.renewed = true;
    return requests.renew();
  }

  async function* attempt(): AsyncGenerator<TransferStep, void> {
    const rest = requests.isGet() ? rangeOfRest(state) : undefined;
    if (rest && partial && !state.digests) await resumeDigests(state, partial, signal);
    const reply = await requests.send(rest?.headers ?? {});
    timeouts.watchBody(reply);
    try {
      const { status, url } = reply;
      const { version } = state;
      reply.kept = version?.kept !== undefined && version.kept === contentEncoding(reply.headers);
      const decision = decideReply(reply, {
        from: rest?.from,
        held: state.bytes,
        version: version && { ...version, total: version.total ?? state.options.expected?.sizeBytes },
      });
      if (decision.kind === "fail") {
        const { code, problem } = decision;
        if (await renewAddress(reply))
          throw new RetryableFailure(downloadError(code, url, problem, { status }), { immediately: true });
        await refuseReply(reply, decision, clock.now());
      } else if (decision.kind === "retry") {
        if (decision.changed) checkChangeAllowed(state, url, decision.problem);
        throw new RetryableFailure(downloadError("RANGE_MISMATCH", url, decision.problem), {
          immediately: true,
          restart: decision.changed ? "changed" : "rangeMismatch",
        });
      } else {
        yield* receiveReply(state, reply, decision, rest?.from ?? 0, partial);
      }
    } finally {
      reply.destroy();
    }
  }

  async function* run(): AsyncGenerator<TransferStep, void> {
    try {
      for (;;) {
        signal.throwIfAborted();
        let pauseMs: number;
        try {
          state.attempts++;
          return yield* attempt();
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof RetryableFailure)) throw error;
          pauseMs = (await policy()).pauseAfter(error);
        }
        await sleep(clock, pauseMs, signal);
      }
    } catch (error) {
      throw annotate(error, state);
    } finally {
      timeouts.dispose();
    }
  }

  const transfer: Transfer = {
    timeouts,
    state,
    steps: run(),
    sourceKey: requests.sourceKey,
    configure(more, rewindable, targetName = state.targetName) {
      state.targetName = targetName;
      state.options = { ...state.options, ...more };
      state.rewindable = rewindable;
      timeouts.configure(more);
    },
    adopt(found) {
      if (!found.isOf(state.version)) return false;
      partial = found;
      state.bytes = found.bytes;
      state.version = { ...found.version, ...state.version };
      return true;
    },
  };
  return source.wrap?.(transfer, createTransfer) ?? transfer;
}
