import type { JobSnapshot } from "@outhaul/shared";

/** What a process of the demo is told to do. */
export interface Order {
  readonly clientOptions: Readonly<Record<string, string>>;
  /** The directory for the file, ending in a slash. */
  readonly to: string;
  /** The job to go on with. Without it, a new one is started. */
  readonly token?: string;
}

/** What a process of the demo reports. */
export type Report =
  | { readonly type: "started"; readonly id: string; readonly token: string }
  | {
      readonly type: "polled";
      readonly state: string;
      readonly polls: number;
      readonly progress: JobSnapshot["progress"];
    }
  | { readonly type: "bytes"; readonly bytes: number; readonly totalBytes: number | undefined }
  | { readonly type: "broke"; readonly message: string }
  | { readonly type: "wentOn"; readonly bytes: number }
  | { readonly type: "saved"; readonly path: string; readonly sizeBytes: number }
  | { readonly type: "failed"; readonly message: string };
