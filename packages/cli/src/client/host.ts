import type { Manifest } from "@outhaul/spec";
import { CredentialsError, UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { type Account, profileEnv } from "./account.js";
import { baseUrlEnv, type ResolvedOptions, resolveOptions } from "./options.js";

/** The function of a vendor's package that creates its client. */
export type CreateClient = (options: object) => Record<string, unknown>;

/**
 * Checks that the credentials of the environment and the config go to the host that they belong to: the one that environment, config and the documented
 * defaults lead to, or one that the user allows. Options from flags, an exports file or a manifest may lead elsewhere, and the file may be somebody else's.
 * Scheme and port belong to the host, so that nothing makes plain HTTP of HTTPS. Loopback is always allowed, for the sandbox.
 * @param account its options are not to be trusted
 * @throws {CredentialsError} if the client would send them elsewhere; nothing was sent
 */
export async function checkHost(
  manifest: Manifest,
  create: CreateClient,
  { options: flags, ...account }: Account,
  allowed: readonly string[],
  io: Io,
): Promise<void> {
  if (Object.keys(flags).length === 0) return;
  const wanted = await originOf(
    manifest,
    create,
    resolveOptions(manifest, { ...account, options: flags }, io),
  );
  if (wanted === undefined) return; // the options are refused when the client is created
  if (isLoopback(wanted) || allowed.map(toOrigin).includes(wanted)) return;
  const own = await originOf(
    manifest,
    create,
    resolveOptions(manifest, { ...account, options: {} }, io),
  ).catch(() => undefined);
  if (own === wanted) return;
  const { vendor } = manifest;
  const { protocol, host } = new URL(wanted);
  const allow = protocol === "https:" ? host : wanted;
  const isPlain = protocol === "http:" ? ", readable on the way" : "";
  const variables = [...manifest.options, { option: "baseUrl", env: baseUrlEnv(vendor) }]
    .filter(({ option }) => option in flags)
    .map(({ env }) => profileEnv(env, account.profile));
  throw new CredentialsError(
    `${vendor}: the credentials would go to ${wanted}${isPlain}, which is not named beside them: if it may have them, give --allow-host ${allow}, or set ${variables.join(", ")} in the environment`,
  );
}

/** Stands where an option is missing that a client needs. No server has this name (RFC 6761 §6.4). */
const MISSING = "missing.invalid";

/** The origin that a client would send its calls to: the client is asked to send one, and it is not sent. Undefined if it refuses the options. */
async function originOf(
  { create: name, options: documented, vendor }: Manifest,
  create: CreateClient,
  { credentials, options }: ResolvedOptions,
): Promise<string | undefined> {
  let origin: string | undefined;
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    origin ??= new URL(input instanceof Request ? input.url : input).origin;
    return new Response(null, { status: 204 });
  };
  const values = options.flatMap(({ option, value, source }): [string, string][] => {
    if (value !== undefined) return [[option, value]];
    const isNeeded = source === "missing" && documented.some((one) => one.option === option);
    return isNeeded ? [[option, MISSING]] : [];
  });
  // The credentials decide between the servers of a vendor; the values are not needed for it.
  const signIn = credentials.map(({ option }) => [option, "x"]);
  let client: Record<string, unknown>;
  try {
    client = create({ ...Object.fromEntries([...values, ...signIn]), fetch, rateLimit: false });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
  const api = client["api"] as Record<string, (path: string, init: object) => Promise<unknown>>; // every generated client has it
  await api["GET"]?.("/", { parseAs: "stream" });
  if (origin === undefined) throw new UsageError(`${vendor}: ${name} does not say where it sends its calls`);
  return origin;
}

/** The origin of an allowed host: `proxy.example` is `https://proxy.example`. */
function toOrigin(host: string): string {
  try {
    const { origin, pathname } = new URL(host.includes("://") ? host : `https://${host}`);
    if (origin !== "null" && pathname === "/") return origin;
  } catch {
    // the error below
  }
  throw new UsageError(`--allow-host takes a host such as proxy.example, or http://host:port, not "${host}"`);
}

function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
