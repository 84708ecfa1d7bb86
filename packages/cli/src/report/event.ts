import type { JobSnapshot, SavedFile } from "@outhaul/shared";

interface PollFacts {
  readonly id: string;
  readonly state: JobSnapshot["state"];
  readonly rawStatus?: string | undefined;
  readonly polls: number;
  readonly progress?: JobSnapshot["progress"] | undefined;
  readonly nextPollAt?: string | undefined;
}

/** An event of an export. With `--json`, each is printed as one line. */
export type CliEvent =
  | {
      readonly type: "started" | "resumed";
      readonly id: string;
      readonly token: string;
      readonly adopted?: boolean;
    }
  | ({ readonly type: "status" } & PollFacts)
  /** A poll that changed nothing. */
  | ({ readonly type: "poll"; readonly elapsedMs: number } & PollFacts)
  | { readonly type: "pollFailed"; readonly id: string; readonly message: string; readonly streak: number }
  | {
      readonly type: "download";
      readonly bytes: number;
      readonly totalBytes?: number | undefined;
      readonly bytesPerSecond?: number | undefined;
      readonly etaMs?: number | undefined;
      /** Which part comes, of a file in parts, and how many there are. */
      readonly part?: number | undefined;
      readonly parts?: number | undefined;
    }
  | {
      readonly type: "downloadRetry";
      readonly attempt: number;
      readonly waitMs: number;
      readonly message: string;
    }
  | ({ readonly type: "saved" } & Pick<
      SavedFile,
      "path" | "empty" | "sizeBytes" | "sha256" | "integrity" | "parts"
    >)
  | { readonly type: "cancel"; readonly outcome: string }
  | { readonly type: "skipped"; readonly message: string }
  | {
      readonly type: "error";
      readonly code: string;
      readonly message: string;
      readonly exitCode: number;
      readonly token?: string | undefined;
    };

/** The export that an event belongs to. */
export interface Subject {
  /** The name of the export in an exports file; otherwise vendor and workflow. */
  readonly name: string;
  readonly vendor: string;
  readonly workflow: string;
}
