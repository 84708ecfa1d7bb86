import type { ManifestOperation } from "@outhaul/spec";
import type { Io } from "../terminal/io.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";
import { type ConnectOptions, connect } from "./connect.js";

/** A request as it would be sent, without its secrets. */
export interface UnsentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Has a vendor's client make the request that starts an export, and keeps it from being sent. A sign-in gets a made-up token. */
export async function unsentStart(
  vendor: InstalledVendor,
  { operation, workflow, request }: { operation: ManifestOperation; workflow: string; request: object },
  flags: Readonly<Record<string, string>>,
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
  const client = await connect(vendor, flags, io, { ...options, fetch: hold });
  await client.start(workflow, request).catch((error: unknown) => {
    if (!unsent) throw error;
  });
  if (!unsent) return undefined;
  const { method, url, headers } = unsent.request;
  const shown = [...headers].map(([name, value]) => [
    name,
    name === "authorization" ? "***" : client.redact(value),
  ]);
  return {
    method,
    url: client.redact(url),
    headers: Object.fromEntries(shown),
    body: client.redact(unsent.body),
  };
}
