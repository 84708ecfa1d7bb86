import { pathToFileURL } from "node:url";
import type { ClientEvent, ExportJob, StartOptions } from "@outhaul/shared";
import { createRedaction } from "@outhaul/shared/runtime";
import type { Manifest } from "@outhaul/spec";
import { UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { type InstalledVendor, resolveInPackage } from "../vendors/installed-vendors.js";
import type { Account } from "./account.js";
import { type CreateClient, checkHost } from "./host.js";
import { clientOptions, refusedOption } from "./options.js";

/** The result of a call. */
export interface CallResult {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** The options of a start. A vendor whose starts never wait long takes no time limit for them; then it is left out. */
export interface AnyStartOptions extends StartOptions {
  readonly timeoutMs?: number | undefined;
}

/** The part of a vendor's client that the commands use. */
export interface AnyClient {
  readonly api: Record<string, (path: string, init: object) => Promise<CallResult>>;
  start(workflow: string, request: object, options?: AnyStartOptions): Promise<ExportJob>;
  resume(token: string): ExportJob;
  /** The text without the credentials in it, which a vendor's reply may repeat. */
  redact(text: string): string;
}

/** How a client comes to its credentials. */
export interface ConnectOptions {
  /** Ask the user for a missing credential. */
  readonly interactive: boolean;
  /**
   * The hosts that may have the credentials beside the vendor's own; `recorded` if the options are those of a job that this user started here, which were
   * checked then.
   * @default none
   */
  readonly allowedHosts?: readonly string[] | "recorded";
  /** Called with what the client does. */
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
  /** Takes the place of the network. */
  readonly fetch?: typeof fetch;
}

/**
 * Loads a vendor's package and creates its client.
 * @throws {CredentialsError} if the options lead the credentials to a host that may not have them
 * @throws {UsageError} if the client rejects an option
 */
export async function connect(
  { manifest, folder }: InstalledVendor,
  account: Account,
  io: Io,
  { interactive, allowedHosts = [], onEvent, fetch }: ConnectOptions,
): Promise<AnyClient> {
  const entry = resolveInPackage(folder, `@outhaul/${manifest.vendor}`);
  const module: Record<string, unknown> = await import(pathToFileURL(entry).href);
  // The manifest is part of the package and names this function.
  const create = module[manifest.create] as CreateClient;
  if (allowedHosts !== "recorded") await checkHost(manifest, create, account, allowedHosts, io);
  const options = await clientOptions(manifest, account, io, interactive);
  const redaction = createRedaction();
  rememberSecrets(manifest, options, redaction.add);
  let client: Record<string, unknown>;
  try {
    client = create({
      ...options,
      userAgent: "outhaul-cli",
      ...(onEvent && { onEvent }),
      ...(fetch && { fetch }),
    });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(refusedOption(manifest, account, error.message, io));
    throw error;
  }
  return {
    get api() {
      return client["api"] as AnyClient["api"]; // every generated client has it
    },
    start(workflow, request, { timeoutMs, ...others } = {}) {
      const isTimed = manifest.workflows.some(({ id, hasTimedStart }) => id === workflow && hasTimedStart);
      const startOptions = isTimed && timeoutMs !== undefined ? { ...others, timeoutMs } : others;
      // The manifest names the workflow.
      const start = client[workflow] as (request: object, options?: StartOptions) => Promise<ExportJob>;
      return start(request, startOptions);
    },
    redact: redaction.redact,
    resume: (token) => (client["resume"] as AnyClient["resume"])(token), // every generated client has it
  };
}

/** Calls `add` with each secret of the options, also with those that a function gives later. */
function rememberSecrets(
  { credentials }: Manifest,
  options: Record<string, unknown>,
  add: (secret: string) => string,
): void {
  for (const { option, account } of credentials.flat()) {
    const value = options[option];
    if (account || value === undefined) continue;
    if (typeof value === "string") add(value);
    else options[option] = () => add((value as () => string)()); // made by clientOptions
  }
}
