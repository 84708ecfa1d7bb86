import type { ManifestOperation } from "@outhaul/spec";
import type { Io } from "../terminal/io.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";
import type { Account } from "./account.js";
import { type ConnectOptions, connect } from "./connect.js";

/** A request as it would be sent, without its secrets. */
export interface UnsentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The headers that a client sends of its own, and that hold no credential. */
const HEADERS_OF_THE_CLIENT = new Set(["accept", "accept-encoding", "content-type", "user-agent"]);

/** Has a vendor's client make the request that starts an export, and keeps it from being sent. A sign-in gets a made-up token. */
export async function unsentStart(
  vendor: InstalledVendor,
  { operation, workflow, request }: { operation: ManifestOperation; workflow: string; request: object },
  account: Account,
  io: Io,
  options: ConnectOptions,
): Promise<UnsentRequest | undefined> {
  const segments = operation.path.split(/\{[^}]*\}/).map((text) => text.replace(/[^\w/-]/g, "\\$&"));
  const path = new RegExp(`${segments.join("[^/]+")}$`);
  let unsent: { request: Request; body: string } | undefined;
  const hold: typeof fetch = async (input, init) => {
    const held = new Request(input, init);
    if (held.method !== operation.method || !path.test(new URL(held.url).pathname))
      return Response.json({ access_token: "not-signed-in", token_type: "bearer", expires_in: 3600 });
    unsent = { request: held, body: await held.text() };
    return Response.json({}, { status: 400 });
  };
  const client = await connect(vendor, account, io, { ...options, fetch: hold });
  const ignoreIfHeld = (error: unknown): undefined => {
    if (!unsent) throw error;
  };
  const job = await client.start(workflow, request).catch(ignoreIfHeld);
  // Where one request is the whole export, it is the one for the file.
  await job?.download({ retry: { attempts: 1 } }).catch(ignoreIfHeld);
  if (!unsent) return undefined;
  const { method, url, headers } = unsent.request;
  // A credential may be so short that no text is searched for it: so only what is known to be none is shown.
  const shown = [...headers].map(([name, value]) => [name, HEADERS_OF_THE_CLIENT.has(name) ? value : "***"]);
  const documented = new Set(operation.parameters.map(({ name }) => name));
  const { origin, pathname, searchParams } = new URL(url);
  // Of an address with a query the client would show none of it.
  const query = [...searchParams].map(
    ([name, value]) =>
      `${encodeURIComponent(name)}=${documented.has(name) ? encodeURIComponent(client.redact(value)) : "***"}`,
  );
  return {
    method,
    url: client.redact(origin + pathname) + (query.length > 0 ? `?${query.join("&")}` : ""),
    headers: Object.fromEntries(shown),
    body: client.redact(unsent.body),
  };
}
