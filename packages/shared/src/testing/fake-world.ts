import fc from "fast-check";
import { run, type Scripted, state, status } from "./fake-vendor.js";

/** Random vendors and random users, for properties that hold whatever happens. */

/** A reply, and how long after it the vendor wants no request. */
export interface Answer {
  readonly scripted: Scripted;
  readonly floorMs: number;
  readonly latencyMs: number;
}

/** What somebody does with a job, and when. */
export interface Act {
  readonly atMs: number;
  readonly kind: "wait" | "events" | "leave" | "refresh" | "cancel" | "sleep";
  readonly abortAfterMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly everyMs: number | undefined;
  readonly failuresMs: number | undefined;
  readonly onAbort: "detach" | "cancel";
  readonly onTimeout: "detach" | "cancel";
}

/** What the user's function for the credentials does when it is asked. */
export type Keys = "give" | "throw" | "reject" | "late";

export interface World {
  /** The id that the vendor gives a job, as JSON. */
  readonly id: string;
  /** What the function for the credentials does, in this order, and then gives them; there is none if this is empty. */
  readonly keys: readonly Keys[];
  /** Whether a lost job can be found by its name. */
  readonly findable: boolean;
  readonly limited: boolean;
  readonly creates: readonly Answer[];
  readonly polls: readonly Answer[];
  /** What all later polls are answered with: something that ends every wait. */
  readonly last: Answer;
  readonly cancels: readonly Answer[];
  readonly acts: readonly Act[];
  readonly jitter: number;
}

/** In every reply that can hold it, so that it is seen where it comes out. */
export const SECRET = "secret-token";
/** The longest that a reply which is no refusal can hold the next one back. */
const SOFT_MS = 300_000;

const upTo = (max: number) => fc.integer({ min: 0, max });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Headers that ask to wait, or seem to. */
const hint = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ headers: {}, ms: 0 }) },
  upTo(400).map((seconds) => ({ headers: { "retry-after": String(seconds) }, ms: seconds * 1000 })),
  upTo(90_000).map((ms) => ({ headers: { "retry-after-ms": String(ms), "retry-after": "7" }, ms })),
  fc.constantFrom("-1", "soon", "1e9", "").map((word) => ({ headers: { "retry-after": word }, ms: 0 })),
  fc.constant({ headers: { "x-request-id": SECRET, etag: `"${SECRET}"` }, ms: 0 }),
);

function answer(scripted: fc.Arbitrary<{ scripted: Scripted; floorMs: number }>): fc.Arbitrary<Answer> {
  return fc.tuple(scripted, upTo(20_000)).map(([reply, latencyMs]) => ({ ...reply, latencyMs }));
}

const refusal = fc
  .tuple(fc.constantFrom(302, 400, 401, 403, 404, 408, 410, 425, 429, 500, 502, 503), hint)
  .map(([code, { headers, ms }]) => ({
    scripted: status(code, headers, { message: `said ${SECRET}` }),
    floorMs: code === 429 || code === 503 ? ms : Math.min(ms, SOFT_MS),
  }));
const endless = fc
  .record({
    status: fc.constantFrom(200, 202, 404, 500),
    everyMs: fc.constantFrom(0, 5000, 29_000),
    isDeaf: fc.boolean(),
  })
  .map(({ status: code, ...body }): Scripted => ({ status: code, endless: body }));
const breakdown = fc
  .oneof(
    fc.constantFrom<Scripted>({ fail: "refused" }, { fail: "reset" }, { fail: "truncated" }, "hang"),
    endless,
  )
  .map((scripted) => ({ scripted, floorMs: 0 }));
const unchanged = fc.constant({ scripted: status(304), floorMs: 0 });
const news = fc
  .tuple(
    fc.constantFrom("running", "running", "queued", SECRET, undefined, 7, "failed", "cancelled", "done"),
    hint,
    maybe(upTo(9)),
  )
  .map(([word, { headers, ms }, count]) => ({
    scripted: status(200, headers, { id: "j1", status: word, reason: SECRET, done: count, total: 9 }),
    floorMs: Math.min(ms, SOFT_MS),
  }));
const plain = (...scripted: Scripted[]) =>
  fc.constantFrom(...scripted).map((one) => ({ scripted: one, floorMs: 0 }));

const act: fc.Arbitrary<Act> = fc.record({
  atMs: upTo(200_000),
  kind: fc.constantFrom("wait", "wait", "events", "leave", "refresh", "cancel", "sleep"),
  abortAfterMs: maybe(upTo(200_000)),
  timeoutMs: maybe(upTo(400_000)),
  everyMs: maybe(fc.integer({ min: 5000, max: 60_000 })),
  failuresMs: maybe(upTo(300_000)),
  onAbort: fc.constantFrom("detach", "detach", "cancel"),
  onTimeout: fc.constantFrom("detach", "detach", "cancel"),
});

/** Ids of all kinds, as JSON: texts of any characters and length, and numbers of any size. */
const id = fc.oneof(
  { weight: 3, arbitrary: fc.constant('"j1"') },
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => JSON.stringify(text)),
  fc
    .constantFrom(
      "a/b",
      "../x",
      "..",
      "?x=1#y",
      " j 1 ",
      "e\u0301\u00e9",
      "x".repeat(5000),
      "\ud800",
      "\n\u001b[2J",
      "%2F",
    )
    .map((text) => JSON.stringify(text)),
  fc.bigInt({ min: 0n, max: 10n ** 25n }).map(String),
  fc.constantFrom("-7", "1.5", "0", "true", "null", '{"a":1}'),
);
const keys = fc.array(fc.constantFrom<Keys>("give", "throw", "reject", "late"), { maxLength: 6 });
/** Polls that come before the vendor knows its job. */
const early = fc.array(answer(fc.constant({ scripted: status(404), floorMs: 0 })), { maxLength: 3 });

const worldOf = (json: string): fc.Arbitrary<World> =>
  fc.record({
    findable: fc.boolean(),
    limited: fc.boolean(),
    id: fc.constant(json),
    keys,
    creates: fc.array(
      answer(
        fc.oneof(
          { weight: 3, arbitrary: plain({ status: 202, text: `{"id":${json}}` }) },
          refusal,
          breakdown,
        ),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    polls: fc
      .tuple(
        early,
        fc.array(answer(fc.oneof(news, plain(run), refusal, unchanged, breakdown)), { maxLength: 8 }),
      )
      .map(([first, then]) => [...first, ...then]),
    last: answer(fc.oneof(plain(state("done"), state("failed"), state("SNOOZING"), "hang"), refusal)),
    cancels: fc.array(answer(fc.oneof(plain(status(202), status(404)), refusal, breakdown)), {
      minLength: 1,
      maxLength: 3,
    }),
    acts: fc.array(act, { minLength: 1, maxLength: 5 }),
    jitter: fc.constantFrom(0, 0.5, 0.999),
  });

export const anyWorld: fc.Arbitrary<World> = id.chain(worldOf);
