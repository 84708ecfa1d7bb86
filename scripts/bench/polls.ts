import { defaultSchedule } from "../../packages/shared/src/polling/schedule.js";
import type { Schedule } from "../../packages/shared/src/polling/wait-options.js";

const JOBS = 5000;
const SHORTEST_MS = 1000;
const LONGEST_MS = 2 * 3600 * 1000;
const ROUNDS = 5;

/** Makes the schedule of one job: from when a poll was, to how long the next one is off. */
type Strategy = (random: () => number) => Schedule;

/** The defaults that these libraries publish, with the first poll as each sends it. */
const strategies: Record<string, Strategy> = {
  outhaul: (random) => {
    const jitter = 0.9 + 0.2 * random();
    return (job) => defaultSchedule(job) * jitter;
  },
  "fixed 5 s": () => () => 5000,
  // @azure/core-lro, src/poller/constants.ts: POLL_INTERVAL_IN_MS; src/poller/poller.ts: the first poll at once.
  "Azure core-lro": () => firstAtOnce(() => 2000),
  // openai-node, src/resources/beta/threads/runs/runs.ts: poll() sleeps 5 s unless the server's header says otherwise.
  "openai-node": () => firstAtOnce(() => 5000),
  // @smithy/util-waiter, src/waiter.ts: waiterServiceDefaults, 2 s to 120 s; src/poller.ts: exponentialBackoffWithJitter.
  "smithy waiter": (random) =>
    firstAtOnce((poll) => {
      const ceiling = Math.log2(120 / 2) + 1;
      return 1000 * (poll > ceiling ? 120 : 2 + random() * (2 * 2 ** (poll - 1) - 2));
    }),
  // google-gax, src/gax.ts: createDefaultBackoffSettings, 100 ms × 1.3 up to 60 s, taken by longrunning operations.
  "google-gax": () => firstAtOnce((poll) => Math.min(100 * 1.3 ** (poll - 1), 60_000)),
};

/** How many status requests jobs of any length take, and how late their end is seen, beside what other pollers do by default. */
export async function benchPolls(): Promise<void> {
  console.log(`Polls of ${JOBS} jobs of 1 s to 2 h, evenly spread over the logarithm of their length`);
  for (const [name, strategy] of Object.entries(strategies)) {
    let requests = 0;
    let lateness = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (let job = 0; job < JOBS; job++) {
        const lengthMs = SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** ((job + 0.5) / JOBS);
        const { polls, seenAt } = replay(strategy(Math.random), lengthMs);
        requests += polls;
        lateness += (seenAt - lengthMs) / lengthMs;
      }
    }
    const each = (sum: number) => sum / JOBS / ROUNDS;
    const late = `${(100 * each(lateness)).toFixed(1).padStart(5)} % late`;
    console.log(`  ${name.padEnd(20)} ${each(requests).toFixed(1).padStart(6)} requests  ${late}`);
  }
}

/** Polls until the job is seen to have ended. */
function replay(schedule: Schedule, lengthMs: number): { polls: number; seenAt: number } {
  let elapsedMs = 0;
  for (let polls = 0; ; polls++) {
    elapsedMs += schedule({ elapsedMs, polls });
    if (elapsedMs >= lengthMs) return { polls: polls + 1, seenAt: elapsedMs };
  }
}

/** @param wait how long to wait after the poll of this number, from 1 on */
function firstAtOnce(wait: (poll: number) => number): Schedule {
  return ({ polls }) => (polls === 0 ? 0 : wait(polls));
}
