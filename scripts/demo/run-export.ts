import type { ListeningVendor } from "@outhaul/sandbox/node";
import { checkTarget, type DownloadProgress, type ExportJob } from "@outhaul/shared";
import { formatBytes } from "../../packages/cli/src/terminal/format.js";
import { sha256InSandbox, sha256OnDisk } from "../saved-file.js";
import type { Vendor, VendorWorkflow } from "../vendors.js";

/** What the line of an export says. */
export interface Progress {
  readonly state: string;
  readonly polls: number;
  readonly detail: string;
}

/** What came of an export. */
export interface Result {
  readonly vendor: string;
  readonly workflow: string;
  readonly jobId: string;
  readonly polls: number;
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

type AnyClient = Record<string, (request: object) => Promise<ExportJob>>;

/**
 * Runs a workflow as a user of the client does: start, listen, save. Then compares the bytes on disk with those that the sandbox has.
 * @throws what the client throws; an Error when the bytes are wrong
 */
export async function runExport(
  vendor: Vendor,
  workflow: VendorWorkflow,
  { clientOptions, sandbox }: ListeningVendor,
  folder: string,
  tell: (progress: Progress) => void,
): Promise<Result> {
  const module: Record<string, (options: object) => AnyClient> = await import(vendor.packageName);
  const client = module[vendor.createName]?.(clientOptions);
  const target = { createDirs: true, overwrite: "replace" } as const;
  await checkTarget(folder, target);
  tell({ state: "starting", polls: 0, detail: "" });
  const job = await client?.[workflow.id]?.(workflow.example);
  if (!job) throw new Error(`${vendor.packageName} has no ${workflow.id}`);

  const schedule = () => 500; // the sandbox is quicker than a vendor
  const listening = listen(job, schedule, tell);
  const onProgress = (progress: DownloadProgress) =>
    tell({
      state: progress.done ? "saved" : progress.phase,
      polls: job.snapshot.polls,
      detail: describe(progress),
    });
  const [file] = await Promise.all([job.save(folder, { ...target, schedule, onProgress }), listening]);
  const path = file.path ?? "";
  const sha256 = await sha256OnDisk(file);
  if (sha256 !== sha256InSandbox(sandbox, job.id, file))
    throw new Error(`${path} is not the file that the sandbox has`);
  const { id: jobId, snapshot } = job;
  return {
    vendor: vendor.name,
    workflow: workflow.id,
    jobId,
    polls: snapshot.polls,
    file: path,
    sizeBytes: file.sizeBytes,
    sha256,
  };
}

async function listen(
  job: ExportJob,
  schedule: () => number,
  tell: (progress: Progress) => void,
): Promise<void> {
  for await (const { snapshot, type } of job.events({ schedule })) {
    if (type === "end") break;
    const { done, total } = snapshot.progress ?? {};
    const detail = total === undefined ? "" : `${done ?? 0} of ${total}`;
    tell({ state: snapshot.state, polls: snapshot.polls, detail });
  }
}

function describe({ bytes, totalBytes, bytesPerSecond }: DownloadProgress): string {
  const of = totalBytes === undefined ? "" : ` of ${formatBytes(totalBytes)}`;
  const speed = bytesPerSecond === undefined ? "" : `, ${formatBytes(bytesPerSecond)}/s`;
  return formatBytes(bytes) + of + speed;
}
