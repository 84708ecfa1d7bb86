import { type ClientEvent, type ExportJob, readToken } from "@outhaul/shared";
import type { ManifestWorkflow } from "@outhaul/spec";
import { type Account, accountOf, chosenProfile } from "../client/account.js";
import { connect } from "../client/connect.js";
import { UsageError } from "../errors/command-error.js";
import { findJob } from "../job/find.js";
import type { JobRecord } from "../job/record.js";
import type { Io } from "../terminal/io.js";
import { canPrompt } from "../terminal/prompt.js";
import { installedVendor } from "../vendors/installed-vendors.js";

/** Finds a job by its token or id and opens it with the vendor's client. No request is sent. */
export async function openJob(
  text: string,
  given: string | undefined,
  io: Io,
  onEvent?: (event: ClientEvent) => void,
): Promise<{ job: ExportJob; record: JobRecord | undefined; workflow: ManifestWorkflow | undefined }> {
  const { token, record } = findJob(text, io);
  const { vendor, workflow: name } = readToken(token);
  const installed = installedVendor(vendor, io.cwd);
  const workflow = installed.manifest.workflows.find(({ id }) => id === name);
  const client = await connect(installed, accountOfJob(record, given, io), io, {
    interactive: canPrompt(io),
    allowedHosts: "recorded",
    onEvent,
  });
  return { job: client.resume(token), record, workflow };
}

/**
 * The account of a job: the one that it was started with here, or for a job of another machine the one that the user names.
 * @throws {UsageError} if the user names another one than the job's
 */
export function accountOfJob(record: JobRecord | undefined, given: string | undefined, io: Io): Account {
  if (record === undefined) return accountOf(chosenProfile(given, io));
  if (given !== undefined && chosenProfile(given, io) !== record.profile)
    throw new UsageError(
      `this export was started with ${record.profile === undefined ? "no profile" : `the profile ${record.profile}`}, not with ${given}`,
    );
  return accountOf(record.profile, record.clientOptions);
}
