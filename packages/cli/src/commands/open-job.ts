import { type ClientEvent, type ExportJob, readToken } from "@outhaul/shared";
import type { ManifestWorkflow } from "@outhaul/spec";
import { connect } from "../client/connect.js";
import { findJob } from "../job/find.js";
import type { JobRecord } from "../job/record.js";
import type { Io } from "../terminal/io.js";
import { canPrompt } from "../terminal/prompt.js";
import { installedVendor } from "../vendors/installed-vendors.js";

/** Finds a job by its token or id and opens it with the vendor's client. No request is sent. */
export async function openJob(
  text: string,
  io: Io,
  onEvent?: (event: ClientEvent) => void,
): Promise<{ job: ExportJob; record: JobRecord | undefined; workflow: ManifestWorkflow | undefined }> {
  const { token, record } = findJob(text, io);
  const { vendor, workflow: name } = readToken(token);
  const installed = installedVendor(vendor, io.cwd);
  const workflow = installed.manifest.workflows.find(({ id }) => id === name);
  const client = await connect(installed, record?.clientOptions ?? {}, io, {
    interactive: canPrompt(io),
    allowedHosts: "recorded",
    onEvent,
  });
  return { job: client.resume(token), record, workflow };
}
