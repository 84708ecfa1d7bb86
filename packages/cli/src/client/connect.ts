import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ExportJob, StartOptions } from "@outhaul/shared";
import { UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import type { InstalledVendor } from "../vendors/installed.js";
import { clientOptions } from "./options.js";

/** What a call gives. */
export interface CallResult {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** A client of any vendor, as far as it is used here. */
export interface AnyClient {
  readonly api: Record<string, (path: string, init: object) => Promise<CallResult>>;
  start(workflow: string, request: object, options?: StartOptions): Promise<ExportJob>;
  resume(token: string): ExportJob;
}

/**
 * Makes the client of a vendor from its package.
 * @param flags options of the client that are no secrets
 * @throws {UsageError} where the client does not take what it is given
 */
export async function connect(
  { manifest, folder }: InstalledVendor,
  flags: Readonly<Record<string, string>>,
  io: Io,
  mayAsk: boolean,
): Promise<AnyClient> {
  const options = await clientOptions(manifest, flags, io, mayAsk);
  const entry = createRequire(join(folder, "package.json")).resolve(`@outhaul/${manifest.vendor}`);
  const module: Record<string, unknown> = await import(pathToFileURL(entry).href);
  // The manifest comes with the package, and says what it exports.
  const create = module[manifest.create] as (options: object) => Record<string, unknown>;
  let client: Record<string, unknown>;
  try {
    client = create({ ...options, userAgent: "outhaul-cli" });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
  return {
    get api() {
      return client["api"] as AnyClient["api"]; // every client has it
    },
    start: (workflow, request, startOptions) =>
      (client[workflow] as (request: object, options?: StartOptions) => Promise<ExportJob>)(
        request,
        startOptions,
      ), // the manifest names it
    resume: (token) => (client["resume"] as AnyClient["resume"])(token), // every client has it
  };
}

/** Whether questions can be asked: somebody sits at a terminal. */
export function canAsk({ stdin, stderr, env }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true && !env["CI"];
}
