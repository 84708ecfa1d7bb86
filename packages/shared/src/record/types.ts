import type { OuthaulError } from "../errors/outhaul-error.js";
import type { JobProgress, JobState, VendorErrorInfo } from "../workflow/workflow.js";

export type { JobProgress, JobState, VendorErrorInfo } from "../workflow/workflow.js";

/** The last known state of a job. */
export interface JobSnapshot<Raw = unknown> {
  readonly id: string;
  readonly state: JobState;
  /** The vendor's own word for the state. */
  readonly rawStatus?: string;
  /** The body of the vendor's last readable reply. */
  readonly raw?: Raw;
  readonly progress?: JobProgress;
  readonly createdAt: Date;
  readonly polledAt?: Date;
  /** How many status requests were sent by this process. */
  readonly polls: number;
  /** When the next poll is due; absent once the job has ended. */
  readonly nextPollAt?: Date;
  readonly error?: VendorErrorInfo;
}

/** What happens to a job, in order: each poll gives at least one event. The first events report what is known already; `end` is the last. */
export type JobEvent<Raw = unknown> =
  | {
      readonly type: "created";
      readonly snapshot: JobSnapshot<Raw> /** The create's reply was lost and the job was found again. */;
      readonly adopted: boolean;
    }
  | { readonly type: "status"; readonly snapshot: JobSnapshot<Raw> }
  | { readonly type: "progress"; readonly snapshot: JobSnapshot<Raw> }
  | {
      /** A poll that changed nothing: the export goes on. `snapshot` has the number of polls and the time of the next. */
      readonly type: "poll";
      readonly snapshot: JobSnapshot<Raw>;
      /** Milliseconds since the vendor accepted the export. */
      readonly elapsedMs: number;
    }
  | { readonly type: "unknown"; readonly snapshot: JobSnapshot<Raw>; readonly rawStatus: string }
  | {
      readonly type: "pollFailed";
      readonly snapshot: JobSnapshot<Raw>;
      readonly error: OuthaulError /** How many polls have failed in a row. */;
      readonly streak: number;
    }
  | { readonly type: "end"; readonly snapshot: JobSnapshot<Raw>; readonly error?: OuthaulError };
