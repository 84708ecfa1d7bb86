import { JobError } from "../record/errors.js";
import type { EmptyExport } from "../workflow/workflow.js";

/** The export has ended well, but there was nothing to export, and so there is no file. A new one may find data. */
export class JobEmptyError extends JobError {
  override name = "JobEmptyError";
  override readonly code: string = "JOB_EMPTY";
}

/** What becomes of an export that found nothing. Workflows with the state `empty` bring it along; others do not load it. */
export const emptyExport: EmptyExport = {
  nothing: {
    sizeBytes: 0,
    empty: true,
    integrity: "none",
    attempts: 0,
    resumed: 0,
    restarted: 0,
    durationMs: 0,
    redirectsVerified: true,
  },
  reply({ vendor, workflow, id, token }, ifEmpty) {
    switch (ifEmpty) {
      case "skip":
        return undefined;
      case "file":
        return {
          status: 200,
          headers: new Headers({ "content-length": "0" }),
          url: new URL("about:blank"),
          body: null,
          framing: "length",
          destroy() {},
        };
      case "error":
        throw new JobEmptyError(`${vendor}: ${workflow} ${id} found nothing to export, so there is no file`, {
          vendor,
          jobId: id,
          token,
        });
    }
  },
};
