import type { OAuth2 } from "@outhaul/spec";
import { contentTypeOf } from "./parse-body.js";

/** How a vendor of the sandbox gives tokens. */
export interface TokenOptions {
  /** How long a token is good, in milliseconds of the sandbox's clock. @default 3600000 */
  readonly ttlMs?: number;
  /** Answer each refresh with a new refresh token, and refuse the old one. @default false */
  readonly rotate?: boolean;
}

/** What a client has to send for a token. */
export interface TokenClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** The answer to a request for a token, as RFC 6749 has it. */
export interface TokenReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Gives tokens to a client, and knows those that are good. */
export interface TokenServer {
  answer(request: Request): Promise<TokenReply>;
  accepts(token: string): boolean;
  /** Forgets all tokens. */
  clear(): void;
}

/** Creates the token endpoint of a vendor. */
export function createTokenServer(
  { grant, clientIn, fields }: OAuth2,
  client: TokenClient,
  now: () => number,
  { ttlMs = 3_600_000, rotate = false }: TokenOptions = {},
): TokenServer {
  const endings = new Map<string, number>();
  let { refreshToken } = client;
  let count = 0;

  async function answer(request: Request): Promise<TokenReply> {
    const isForm = contentTypeOf(request.headers) === "application/x-www-form-urlencoded";
    const text = await request.text();
    if (clientIn !== "query" && !isForm) return refuse(400, "invalid_request", "The body is no form");
    const form = clientIn === "query" ? new URL(request.url).searchParams : new URLSearchParams(text);
    const [id, secret] =
      clientIn === "basic" ? readBasic(request.headers) : [form.get("client_id"), form.get("client_secret")];
    if (id !== client.clientId || secret !== client.clientSecret)
      return refuse(401, "invalid_client", "There is no client with this id and secret");
    if (form.get("grant_type") !== grant)
      return refuse(400, "unsupported_grant_type", `The grant_type here is ${grant}`);
    const missing = Object.keys(fields).find((name) => !form.get(name));
    if (missing !== undefined) return refuse(400, "invalid_request", `${missing} is missing`);
    if (grant === "refresh_token" && form.get("refresh_token") !== refreshToken)
      return refuse(400, "invalid_grant", "The refresh token is not good, or not any more");
    count++;
    const token = `sandbox-access-token-${count}`;
    endings.set(token, now() + ttlMs);
    if (rotate && grant === "refresh_token") refreshToken = `${client.refreshToken}-${count}`;
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: "Bearer",
        expires_in: ttlMs / 1000,
        ...(rotate && grant === "refresh_token" && { refresh_token: refreshToken }),
      },
    };
  }

  return {
    answer,
    accepts: (token) => (endings.get(token) ?? 0) > now(),
    clear() {
      endings.clear();
      refreshToken = client.refreshToken;
    },
  };
}

function refuse(status: number, error: string, description: string): TokenReply {
  return { status, body: { error, error_description: description } };
}

function readBasic(headers: Headers): (string | null)[] {
  const [, encoded = ""] = /^basic +([\w+/=]+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  const form = new URLSearchParams(`user=${atob(encoded).replace(":", "&password=")}`);
  return [form.get("user"), form.get("password")];
}
