import type { ManifestOperation } from "@outhaul/spec";
import { configPath } from "../client/config-file.js";
import { type CallResult, connect } from "../client/connect.js";
import { type ResolvedOption, resolveOptions } from "../client/options.js";
import { CredentialsError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { printJson, printLine } from "../terminal/print.js";
import { canPrompt } from "../terminal/prompt.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";

/**
 * Prints the source of each credential, but never its value, and tries the credentials with a call that changes nothing.
 * @throws {CredentialsError} if a credential is missing or rejected
 */
export async function doctor(vendor: InstalledVendor, { json }: { json?: boolean }, io: Io): Promise<void> {
  const { manifest, version, folder } = vendor;
  const { credentials, options } = resolveOptions(manifest, {}, io);
  const all = [...credentials, ...options];
  const print = (line: string) => {
    if (!json) printLine(io.stdout, line);
  };
  const printVerdict = (verdict: string, call?: string) => {
    if (!json) return;
    const found = Object.fromEntries(all.map(({ option, source }) => [option, source]));
    printJson(io.stdout, { vendor: manifest.vendor, version, folder, found, call, verdict });
  };

  print(`${manifest.title}: @outhaul/${manifest.vendor} ${version}, loaded from ${folder}`);
  for (const one of all) print(`  ${one.option.padEnd(14)} ${describeSource(one, io)}`);
  const missing = all.filter(({ source, option }) => source === "missing" && option !== "baseUrl");
  if (missing.length) {
    printVerdict("missing");
    throw missingCredentials(manifest.vendor, missing);
  }
  const operation = manifest.operations.find(isHarmless);
  if (!operation) {
    printVerdict("untried");
    print("No call is documented that could try them and changes nothing.");
    return;
  }
  const call = `${operation.method} ${operation.path}`;
  const { ok, status } = await send(vendor, operation, io);
  if (status === 401 || status === 403) {
    printVerdict("refused", call);
    throw new CredentialsError(`${manifest.vendor} refuses them: ${call} answered ${status}`);
  }
  printVerdict(ok ? "accepted" : "unclear", call);
  print(
    ok
      ? `They are accepted: ${call} answered ${status}.`
      : `${call} answered ${status}, which says nothing about them.`,
  );
}

/** True if an operation needs no request and changes nothing. */
function isHarmless({ method, path, body, parameters }: ManifestOperation): boolean {
  return method === "GET" && !body && !path.includes("{") && !parameters.some(({ required }) => required);
}

async function send(
  vendor: InstalledVendor,
  { method, path }: ManifestOperation,
  io: Io,
): Promise<{ ok: boolean; status: number }> {
  const client = await connect(vendor, {}, io, { interactive: canPrompt(io) });
  const result: CallResult | undefined = await client.api[method]?.(path, { parseAs: "stream" });
  return result?.response ?? { ok: false, status: 0 };
}

function missingCredentials(vendor: string, missing: readonly ResolvedOption[]): CredentialsError {
  const options = missing.map(({ option }) => option).join(", ");
  const variables = missing.map(({ env }) => env).join(", ");
  return new CredentialsError(
    `${vendor} lacks ${options}: set ${variables}, or run: outhaul login ${vendor}`,
  );
}

function describeSource({ source, env }: ResolvedOption, io: Io): string {
  switch (source) {
    case "environment":
      return `from the environment (${env})`;
    case "config":
      return `from ${configPath(io)}`;
    case "default":
      return "the documented default";
    default:
      return `not set (${env})`;
  }
}
