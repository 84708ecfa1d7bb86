import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Listening, type ListeningVendor, listen } from "@outhaul/sandbox/node";
import type { ClientEvent, ClientOptions, Clock, ExportJob } from "@outhaul/shared";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { readVendors, type Vendor, type VendorWorkflow } from "../scripts/vendors.js";

/** A client of any vendor, by its methods' names. */
export type AnyClient = Record<string, (request: object, options?: object) => Promise<ExportJob>> & {
  api: Record<
    string,
    (path: string, options?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
  >;
  resume(token: string): ExportJob;
};

/** A vendor in the sandbox over real HTTP, with its client. */
export interface Setup {
  readonly vendor: Vendor;
  /** The vendor's first workflow. */
  readonly workflow: VendorWorkflow;
  readonly listening: ListeningVendor;
  /** An empty directory. */
  readonly folder: string;
  /** All that the clients have told. */
  readonly events: ClientEvent[];
  client(options?: Partial<ClientOptions> & Record<string, unknown>): Promise<AnyClient>;
  start(workflow?: string, request?: object): Promise<ExportJob>;
}

/** Polls without a pause: the sandbox is not the thing that is waited for. */
export const quick = { schedule: () => 1 };

/** A clock whose seconds are so many times shorter. */
export function fastClock(times: number): Clock {
  const begin = Date.now();
  return {
    now: () => begin + (Date.now() - begin) * times,
    setTimeout: (callback, delayMs) => setTimeout(callback, delayMs / times),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout), // made above
  };
}

/** Starts the vendor for a file of tests, and clears it between them. */
export function useVendor(name: string): Setup {
  const vendor = readVendors().find((each) => each.name === name);
  const workflow = vendor?.workflows[0];
  if (!vendor || !workflow) throw new Error(`there is no spec of ${name}`);
  let sandbox: Listening;
  let folder = "";
  const events: ClientEvent[] = [];
  beforeAll(async () => {
    sandbox = await listen({ vendors: [name], jobs: { polls: 1, sizeBytes: 300_000 } });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "outhaul-"));
    events.length = 0;
  });
  afterEach(async () => {
    sandbox.sandbox.reset();
    await rm(folder, { recursive: true });
  });
  const listening = (): ListeningVendor => sandbox.vendors[name] as ListeningVendor; // listens from beforeAll on
  const setup: Setup = {
    vendor,
    workflow,
    events,
    get listening() {
      return listening();
    },
    get folder() {
      return folder;
    },
    async client(options = {}) {
      const module: Record<string, (options: object) => AnyClient> = await import(vendor.packageName);
      const create = module[vendor.createName];
      if (!create) throw new Error(`${vendor.packageName} has no ${vendor.createName}`);
      return create({
        ...listening().clientOptions,
        rateLimit: false,
        onEvent: (event: ClientEvent) => events.push(event),
        ...options,
      });
    },
    async start(id = workflow.id, request) {
      const example = vendor.workflows.find((each) => each.id === id)?.example;
      const job = await (await setup.client())[id]?.(request ?? example ?? {});
      if (!job) throw new Error(`the client of ${name} has no ${id}`);
      return job;
    },
  };
  return setup;
}
