import { configPath } from "../client/config-file.js";
import { canAsk, connect } from "../client/connect.js";
import { type FoundOption, findOptions } from "../client/options.js";
import { CredentialsError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import type { InstalledVendor } from "../vendors/installed.js";
import type { ManifestOperation } from "../vendors/manifest.js";

/** Tells where each credential comes from, never what it is, and tries them with a call that changes nothing. */
export async function doctor(vendor: InstalledVendor, { json }: { json?: boolean }, io: Io): Promise<void> {
  const { manifest, version } = vendor;
  const { credentials, options } = findOptions(manifest, {}, io);
  const all = [...credentials, ...options];
  const say = (line: string) => {
    if (!json) io.stdout.write(`${line}\n`);
  };
  say(`${manifest.title}: @outhaul/${manifest.vendor} ${version}`);
  for (const one of all) say(`  ${one.option.padEnd(14)} ${sourceOf(one, io)}`);
  const missing = all.filter(({ source, option }) => source === "missing" && option !== "baseUrl");
  const tell = (verdict: string, call?: string) => {
    if (!json) return;
    const found = Object.fromEntries(all.map(({ option, source }) => [option, source]));
    io.stdout.write(`${JSON.stringify({ vendor: manifest.vendor, version, found, call, verdict })}\n`);
  };
  if (missing.length) {
    tell("missing");
    throw new CredentialsError(
      `${manifest.vendor} lacks ${missing.map(({ option }) => option).join(", ")}: set ${missing.map(({ env }) => env).join(", ")}, or run: outhaul login ${manifest.vendor}`,
    );
  }
  const operation = harmless(manifest.operations);
  if (!operation) {
    tell("untried");
    say("No call is documented that could try them and changes nothing.");
    return;
  }
  const call = `${operation.method} ${operation.path}`;
  const client = await connect(vendor, {}, io, canAsk(io));
  const { response } = (await client.api[operation.method]?.(operation.path, { parseAs: "stream" })) ?? {};
  const status = response?.status ?? 0;
  if (status === 401 || status === 403) {
    tell("refused", call);
    throw new CredentialsError(`${manifest.vendor} refuses them: ${call} answered ${status}`);
  }
  tell(response?.ok ? "accepted" : "unclear", call);
  say(
    response?.ok
      ? `They are accepted: ${call} answered ${status}.`
      : `${call} answered ${status}, which says nothing about them.`,
  );
}

function harmless(operations: readonly ManifestOperation[]): ManifestOperation | undefined {
  return operations.find(
    ({ method, path, body, parameters }) =>
      method === "GET" && !body && !path.includes("{") && !parameters.some(({ required }) => required),
  );
}

function sourceOf({ source, env }: FoundOption, io: Io): string {
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
