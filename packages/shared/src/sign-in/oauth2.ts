import { type Credentials, readCredentials } from "../account/credentials.js";
import { serverUrl } from "../account/server-url.js";
import { createErrorFactory } from "../client/error-factory.js";
import type { ClientDefinition, ClientOptions, SignIn, SignInContext } from "../client/options.js";
import { createRequestPipeline } from "../client/request-pipeline.js";
import { toBase64 } from "../encoding/base64.js";
import { ConnectionError } from "../errors/request-errors.js";
import { readText } from "../http/read-text.js";
import { createRedaction } from "../http/redaction.js";
import { at, firstText, toReply } from "../workflow/reply.js";
import type { Operation } from "../workflow/workflow.js";

/** How a vendor gives tokens: a flow of an `oauth2` security scheme. */
export interface OAuth2Flow {
  /** The option that takes a token, or a function that gets one, in place of this flow's options. */
  readonly option: string;
  /** The header that carries the token as it is. @default authorization, with Bearer */
  readonly header?: string;
  /** Where tokens are asked for. `{names}` are the client's options for its server. */
  readonly tokenUrl: string;
  readonly grant: "client_credentials" | "refresh_token";
  /** What every request for a token says beside the grant, with the same `{names}`. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Where the client's id and secret go: into the form, into HTTP Basic, or, with all the rest, into the query of a GET. @default body */
  readonly clientIn?: "body" | "basic" | "query";
}

/** A token is asked for anew this long before it ends, or a tenth of its life, whichever is shorter. */
const MARGIN_MS = 60_000;
/** A reply with a token is short. */
const MAX_REPLY_BYTES = 1_000_000;

/** The sign-in of a client that asks for its tokens by itself. Vendors with such a scheme bring it along; others do not load it. */
export function oauth2SignIn(flow: OAuth2Flow): SignIn {
  return {
    options: flow.grant === "refresh_token" ? { onRefreshToken: "function" } : {},
    read(definition, options, context) {
      const { createName, auth } = definition;
      const given = readCredentials(createName, auth, options);
      if (given.schemes.some((scheme) => scheme.in === "field"))
        return tokenCredentials(flow, given, definition, options, context);
      if (options["onRefreshToken"])
        throw new TypeError(`${createName}: the option "onRefreshToken" goes with "refreshToken"`);
      return given;
    },
  };
}

/** @param given the fields of the request for a token */
function tokenCredentials(
  flow: OAuth2Flow,
  given: Credentials,
  definition: ClientDefinition,
  options: Readonly<Record<string, unknown>>,
  { clock, doFetch, headers: senderHeaders, events }: SignInContext,
): Credentials {
  const { option, header, tokenUrl, grant, clientIn } = flow;
  const { vendor, createName, variables } = definition;
  const { requestTimeoutMs = 30_000 } = options as ClientOptions; // checked with the options
  const redaction = createRedaction();
  const redact = (text: string) => redaction.redact(given.redact(text));
  const server = { servers: [{ url: tokenUrl }], variables };
  const address = serverUrl(createName, server, [], options) + (tokenUrl.endsWith("/") ? "/" : "");
  const operation: Operation = { id: "", method: clientIn === "query" ? "GET" : "POST", path: address };
  const message: NonNullable<ClientDefinition["errors"]>["message"] = ({ body }) =>
    [at(body, "error"), at(body, "error_description")].filter((text) => typeof text === "string").join(": ");
  const errors = createErrorFactory({ vendor, errors: { ...definition.errors, message } }, redact);
  const pipeline = createRequestPipeline({
    vendor,
    clock,
    credentials: { ...given, renewable: false, redact },
    limiter: undefined,
    errors: {
      ...errors,
      connection(...failure) {
        const { message, code, cause } = errors.connection(...failure);
        // The request that needs the token was not sent.
        return new ConnectionError(message, { vendor, code, cause, requestSent: false });
      },
    },
    events,
    requestTimeoutMs,
    isRefused: undefined,
  });
  /** A refresh token that the vendor gave in place of the user's. */
  let newRefreshToken: string | undefined;
  let renewAt = Number.POSITIVE_INFINITY;
  const context = { kind: "call" } as const;

  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(options[name] ?? variables[name]?.default ?? ""));

  /** The request for a token. Only its address, body and headers hold secrets; it is sent to no other address. */
  function requestOf(secrets: Readonly<Record<string, string>>): [address: string, init: RequestInit] {
    const { client_id: id = "", client_secret: secret = "", ...rest } = secrets;
    const form = new URLSearchParams({ grant_type: grant });
    for (const [name, value] of Object.entries(flow.fields ?? {})) form.set(name, fill(value));
    for (const [name, value] of Object.entries(rest)) form.set(name, value);
    if (newRefreshToken) form.set("refresh_token", newRefreshToken);
    const headers: Record<string, string> = { ...senderHeaders, accept: "application/json" };
    if (clientIn === "basic") {
      const [user, password] = [id, secret].map((text) =>
        new URLSearchParams({ "": text }).toString().slice(1),
      );
      headers["authorization"] = `Basic ${redaction.add(toBase64(`${user}:${password}`))}`;
    } else {
      form.set("client_id", id);
      form.set("client_secret", secret);
    }
    if (clientIn === "query") return [`${address}?${form}`, { headers }];
    headers["content-type"] = "application/x-www-form-urlencoded";
    return [address, { headers, body: form.toString() }];
  }

  async function requestToken(): Promise<string> {
    renewAt = Number.POSITIVE_INFINITY;
    let sentAt = 0;
    const { token } = await pipeline.request(
      operation,
      context,
      async (signal, secrets) => {
        const [url, init] = requestOf(secrets);
        sentAt = clock.now();
        return doFetch(url, { ...init, method: operation.method, redirect: "manual", signal });
      },
      async (response, afterMs, _holdSlot, signal) => {
        const text = await readText(response, MAX_REPLY_BYTES, signal);
        return { status: response.status, token: readToken(response, text, afterMs, sentAt) };
      },
    );
    return token;
  }

  function readToken(
    { status, headers }: Response,
    text: string,
    afterMs: number | undefined,
    sentAt: number,
  ): string {
    const reply = toReply(status, headers, text);
    const { body } = reply;
    const token = at(body, "access_token");
    const problem = at(body, "error");
    if (!reply.ok || (token === undefined && typeof problem === "string")) {
      if (problem === "invalid_grant") newRefreshToken = undefined;
      // Whatever else the reply says may repeat the request.
      throw errors.api(operation, toReply(status, headers, redact(text), afterMs), context);
    }
    if (!isToken(token)) throw errors.protocol(operation, reply, "no access_token", context);
    redaction.add(token);
    const lifeMs = Number(firstText(at(body, "expires_in"))) * 1000;
    if (lifeMs >= 0) renewAt = sentAt + lifeMs - Math.min(MARGIN_MS, lifeMs / 10);
    const refreshToken = at(body, "refresh_token");
    if (grant === "refresh_token" && isToken(refreshToken)) keepRefreshToken(refreshToken);
    return token;
  }

  /** Goes on with another refresh token, and tells the user, who has to keep it for the next process. */
  function keepRefreshToken(token: string): void {
    redaction.add(token);
    if (token === newRefreshToken) return;
    newRefreshToken = token;
    const tell = options["onRefreshToken"] as ((token: string) => unknown) | undefined; // checked with the options
    new Promise((resolve) => resolve(tell?.(token))).catch(events.reportListenerError);
  }

  const scheme = header ? ({ in: "header", name: header } as const) : ({ in: "bearer" } as const);
  const tokens = readCredentials(createName, [[{ option, env: "", ...scheme }]], { [option]: requestToken });
  return {
    schemes: given.schemes,
    renewable: true,
    headers() {
      if (clock.now() >= renewAt) tokens.renew();
      return tokens.headers();
    },
    renew(used) {
      tokens.renew(used);
      given.renew();
    },
    redact,
  };
}

/** True if a header and a form can carry it: the signs that RFC 6749 allows. */
function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[\x20-\x7e]+$/.test(value);
}
