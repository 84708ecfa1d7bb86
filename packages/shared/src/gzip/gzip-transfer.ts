import { platform } from "#platform";
import type { Cancellation } from "../file/sink.js";
import type { FileHead, TransferState, TransferStep } from "../transfer/state.js";
import type { Transfer } from "../transfer/transfer.js";
import type { Claim } from "./claim.js";
import { gzipHead } from "./gzip-head.js";
import { checkClaim, type Unpacked, unpack } from "./unpack.js";

/**
 * A transfer of a file that may be gzip, unpacked where that is asked for. Requests, ranges, retries, lengths and digests stay those of the bytes that are
 * sent; the name, the type, the size and the SHA-256 are those of what is saved.
 */
export function gzipTransfer(transfer: Transfer, claimOf: (head: FileHead) => Claim): Transfer {
  const { state: sent, timeouts } = transfer;
  const unpacked: Unpacked = { bytes: 0, sha256: undefined };
  /** True if a partial file on disk holds what was sent, for another run to go on with; it is unpacked at the end. */
  let keepsSent = false;
  let wantsHash = false;
  const unpacks = () => sent.options.decompress === true;
  const claim = () => (sent.head ? claimOf(sent.head) : {});

  /** Completes what has to be known before the first byte, when all options are given. */
  function begin(): void {
    if (!unpacks()) return;
    wantsHash = sent.options.sha256 === true;
    transfer.configure({ sha256: false }, sent.rewindable); // the SHA-256 of what is saved is wanted
  }

  async function* unpackBytes(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* unpack(body, {
      claim: claim(),
      wasEncoded: sent.version?.encoded === true,
      options: sent.options,
      hash: wantsHash ? await platform.createHash("sha256") : undefined,
      result: unpacked,
      elapsedMs: () => timeouts.elapsedMs,
    });
  }

  async function* steps(): AsyncGenerator<TransferStep, void> {
    const { steps } = transfer;
    try {
      let first = await steps.next();
      while (typeof first.value === "string") {
        yield first.value;
        first = await steps.next();
      }
      begin();
      const all = withFirst(first, steps);
      if (!unpacks()) yield* checked(all);
      else if (keepsSent) yield* all;
      else yield* unpackSteps(all);
    } finally {
      await steps.return();
    }
  }

  /** The steps as they are; the file has to be what its vendor says. */
  async function* checked(all: AsyncGenerator<TransferStep, void>): AsyncGenerator<TransferStep, void> {
    const { isGzipBy } = claim();
    let isStart = isGzipBy === "spec" && !sent.resumed;
    const check = (head: Uint8Array) => checkClaim(head, { isGzipBy });
    for await (const step of all) {
      if (step === "restart") isStart = isGzipBy === "spec";
      else if (isStart && typeof step !== "string") {
        check(step[0] ?? new Uint8Array());
        isStart = false;
      }
      yield step;
    }
    if (isStart) check(new Uint8Array());
  }

  /** Unpacks the chunks, and begins anew where the file does. */
  async function* unpackSteps(all: AsyncGenerator<TransferStep, void>): AsyncGenerator<TransferStep, void> {
    for (;;) {
      const restarted = new Error("the file begins anew");
      let isRestarted = false;
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (;;) {
          const { done, value } = await all.next();
          if (done) return;
          if (value === "restart") {
            isRestarted = true;
            throw restarted;
          }
          if (typeof value !== "string") yield* value;
        }
      }
      try {
        for await (const chunk of unpackBytes(chunks())) yield [chunk];
        return;
      } catch (error) {
        if (!isRestarted) throw error;
        unpacked.bytes = 0;
        yield "restart";
      }
    }
  }

  const state: TransferState = Object.create(sent, {
    head: { get: () => sent.head && gzipHead(sent.head, claim(), sent.options) },
    bytes: { get: () => (unpacks() && !keepsSent ? unpacked.bytes : sent.bytes) },
    sha256: { get: () => (unpacks() ? unpacked.sha256 : sent.sha256) },
    // The size of what comes out is not known before its end.
    version: {
      get: () =>
        unpacks() && !keepsSent ? sent.version && { ...sent.version, total: undefined } : sent.version,
    },
    // The end of the transfer is reported as all of it is, in bytes that are sent.
    progress: {
      value: { ...sent.progress, report: () => sent.progress.report(sent.bytes, sent.bytes, "done") },
    },
  });
  const cancellation: Pick<Cancellation, "unpack"> = {
    async *unpack(body) {
      yield* unpackBytes(body);
      keepsSent = false; // what stands on the disk from now on is what came out
    },
  };

  return {
    ...transfer,
    state,
    steps: steps(),
    get timeouts() {
      return keepsSent ? Object.create(timeouts, Object.getOwnPropertyDescriptors(cancellation)) : timeouts;
    },
    /** Asked for only by a sink that keeps a partial file for another run. */
    async sourceKey() {
      keepsSent = unpacks();
      return transfer.sourceKey();
    },
  };
}

async function* withFirst<T>(
  first: IteratorResult<T, void>,
  rest: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
