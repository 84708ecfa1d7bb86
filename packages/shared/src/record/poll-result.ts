import type { OuthaulError } from "../errors/outhaul-error.js";
import type { JobState } from "../workflow/workflow.js";

/** What a poll says about its job. */
export type PollResult =
  | { kind: "state"; state: Exclude<JobState, "unknown"> }
  /** A word that the workflow does not know. */
  | { kind: "unknown"; rawStatus: string }
  /** No news, which is not bad news: the next poll may succeed. */
  | { kind: "inconclusive"; error: OuthaulError }
  | { kind: "notFound"; error: OuthaulError }
  | { kind: "forbidden"; error: OuthaulError }
  /** The vendor refuses to answer, and would refuse again. */
  | { kind: "refused"; error: OuthaulError };
