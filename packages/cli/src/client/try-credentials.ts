import type { ManifestOperation } from "@outhaul/spec";
import type { Io } from "../terminal/io.js";
import { canPrompt } from "../terminal/prompt.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";
import type { Account } from "./account.js";
import { type CallResult, connect } from "./connect.js";

/** What a vendor says to a call with an account's credentials. */
export interface Trial {
  /** The call, such as `GET /api/lists`. */
  readonly call: string;
  readonly status: number;
  /** `unclear` if the reply says nothing about the credentials. */
  readonly verdict: "accepted" | "refused" | "unclear";
}

/**
 * Tries the credentials of an account with a call that changes nothing.
 * @returns undefined if the vendor documents no such call
 * @throws what the client throws, such as a `ConnectionError`
 */
export async function tryCredentials(
  vendor: InstalledVendor,
  account: Account,
  io: Io,
): Promise<Trial | undefined> {
  const operation = vendor.manifest.operations.find(isHarmless);
  if (!operation) return undefined;
  const { method, path } = operation;
  const client = await connect(vendor, account, io, {
    interactive: canPrompt(io),
    allowedHosts: "recorded", // the user has named them just now, or in environment and config
  });
  const result: CallResult | undefined = await client.api[method]?.(path, { parseAs: "stream" });
  const { ok, status } = result?.response ?? { ok: false, status: 0 };
  const isRefused = status === 401 || status === 403;
  return {
    call: `${method} ${path}`,
    status,
    verdict: ok ? "accepted" : isRefused ? "refused" : "unclear",
  };
}

/** True if an operation needs no request and changes nothing. */
function isHarmless({ method, path, body, parameters }: ManifestOperation): boolean {
  return method === "GET" && !body && !path.includes("{") && !parameters.some(({ required }) => required);
}
