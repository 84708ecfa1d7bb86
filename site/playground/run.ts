import { createSandbox, type Fault, type RequestRecord } from "@outhaul/sandbox";
import type { JobEvent, SavedFile } from "@outhaul/shared";
import type { Manifest } from "@outhaul/spec";
import { createMemoryFile } from "./memory-file.js";
import { createClient } from "./vendors.js";

/** What an export in the page is run with. */
export interface RunInput {
  readonly manifest: Manifest;
  readonly workflow: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
  readonly sizeBytes: number;
  readonly signal: AbortSignal;
  onRequests(requests: readonly RequestRecord[]): void;
  onEvent(event: JobEvent): void;
}

/** What came of an export. */
export interface RunResult {
  readonly file: SavedFile;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** True if the bytes are those of the vendor's own file. */
  readonly isSame: boolean;
  readonly name: string;
}

/** Runs an export in the page: the real client against the real sandbox. Nothing leaves the page. */
export async function runExport(input: RunInput): Promise<RunResult> {
  const { manifest, workflow, request, faults, sizeBytes, signal } = input;
  const sandbox = createSandbox({ vendors: [manifest.vendor], jobs: { polls: 3, sizeBytes } });
  const vendor = sandbox.vendor(manifest.vendor);
  vendor.watch(() => input.onRequests(vendor.requests()));
  for (const fault of faults) vendor.fault(fault);

  const baseUrl = `https://${manifest.vendor}.sandbox.example`;
  const client = await createClient(manifest, {
    baseUrl,
    ...vendor.credentials,
    ...vendor.variables,
    requestTimeoutMs: 3000,
    fetch(url: string | URL | Request, init?: RequestInit) {
      const request = new Request(url, init);
      const isVendor = new URL(request.url).origin === baseUrl;
      return (isVendor ? vendor : sandbox.store).handler(request);
    },
  });
  const start = client[workflow];
  if (!start) throw new Error(`the client of ${manifest.vendor} has no ${workflow}`);
  const job = await start(request);
  const waiting = {
    signal,
    timeoutMs: 60_000,
    schedule: () => 400,
    tolerance: { unknownMs: 5000, failuresMs: 15_000 },
  };
  const listening = listen(job.events(waiting), input.onEvent);
  const memory = createMemoryFile();
  try {
    const retry = { attempts: 5, minDelayMs: 300, maxDelayMs: 600 };
    const file = await job.save(memory, { ...waiting, sha256: true, retry });
    const bytes = memory.bytes();
    const theirs = vendor.fileOf(job.id);
    return { file, bytes, isSame: file.sha256 === (await sha256Of(theirs.stream())), name: theirs.fileName };
  } finally {
    await listening;
  }
}

/** Passes events on until there are no more. How the export ended is told by its save. */
async function listen(events: AsyncIterable<JobEvent>, onEvent: (event: JobEvent) => void): Promise<void> {
  try {
    for await (const event of events) onEvent(event);
  } catch {
    // The save rejects with the same.
  }
}

async function sha256Of(stream: ReadableStream<Uint8Array>): Promise<string> {
  const bytes = await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
