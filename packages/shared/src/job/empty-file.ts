import type { SavedFile } from "../file/result.js";
import { JobEmptyError } from "../record/errors.js";
import type { JobRecord } from "../record/record.js";
import type { FileSource } from "../transfer/source.js";
import type { JobSaveOptions } from "./export-job.js";
import { jobFileSource } from "./file-source.js";

export type IfEmpty = NonNullable<JobSaveOptions["ifEmpty"]>;

/** What `save` gives for a job without a file. */
export const NOTHING_SAVED: SavedFile = {
  sizeBytes: 0,
  empty: true,
  integrity: "none",
  attempts: 0,
  resumed: 0,
  restarted: 0,
  durationMs: 0,
  redirectsVerified: true,
};

/**
 * The file of a job that found nothing to export: an empty one, or none.
 * @throws {@link JobEmptyError} if that is asked for; {@link TypeError} for another value of `ifEmpty`
 */
export function emptyFile<Raw>(record: JobRecord<Raw>, ifEmpty: IfEmpty): FileSource | undefined {
  const { vendor, workflow, id, token, snapshot, connection } = record;
  switch (ifEmpty) {
    case "skip":
      return undefined;
    case "file":
      return jobFileSource(record, {
        status: 200,
        headers: new Headers({ "content-length": "0" }),
        url: new URL(connection.baseUrl),
        body: null,
        framing: "length",
        destroy() {},
      });
    case "error":
      throw new JobEmptyError(`${vendor}: ${workflow} ${id} found nothing to export, so there is no file`, {
        vendor,
        jobId: id,
        token,
        snapshot,
      });
    default:
      throw new TypeError(`The option "ifEmpty" is "skip", "file" or "error", not ${String(ifEmpty)}`);
  }
}
