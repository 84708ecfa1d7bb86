import { platformTransport } from "#platform";
import { followOnOrigin } from "../http/follow-on-origin.js";
import type { ByteTransport, RawReply } from "../http/transport.js";
import { createRateLimiter, type RateLimiter, type RequestKind } from "../limits/rate-limiter.js";
import { checkMs } from "../polling/wait-options.js";
import { checksum } from "../record/resume-token.js";
import type { Clock } from "../time/clock.js";
import { createSystemClock } from "../time/system-clock.js";
import { type FullReply, toReply } from "../workflow/reply.js";
import type { Operation, RequestParts } from "../workflow/workflow.js";
import { type ApiClient, createApiClient, requestUrl } from "./api.js";
import { type Credentials, readCredentials } from "./credentials.js";
import { type ClientEvents, createClientEvents } from "./events.js";
import { createExchange, type RequestContext } from "./exchange.js";
import type { ClientDefinition, ClientOptions } from "./options.js";
import { createRequestErrors, type RequestErrors } from "./request-errors.js";
import { serverUrl } from "./server-url.js";

/** One account at one vendor: address, credentials, limits. Every request goes through it. */
export interface Connection {
  readonly vendor: string;
  readonly definition: ClientDefinition;
  readonly baseUrl: string;
  /** A hash of what tells accounts apart. */
  readonly account: string;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly errors: RequestErrors;
  readonly requestTimeoutMs: number;
  /** The user's fetch, where one was given. */
  readonly fetch: typeof globalThis.fetch | undefined;
  /** What every request says of its sender. */
  readonly headers: Readonly<Record<string, string>>;
  readonly events: ClientEvents;
  /** Waits for the account's limits. */
  enter(kind: RequestKind, signal?: AbortSignal): (() => void) | Promise<() => void>;
  /** Sends a step's request and reads the reply. @throws {@link ConnectionError}; `signal.reason` */
  send(operation: Operation, parts: RequestParts, context: RequestContext): Promise<FullReply>;
  /** Sends a step's request and leaves the reply to `receive`, within the time of the request. @throws {@link ConnectionError}; `signal.reason` */
  open<Result extends { status: number }>(
    operation: Operation,
    parts: RequestParts,
    context: RequestContext,
    receive: (reply: RawReply, afterMs: number | undefined, hold: () => () => void) => Promise<Result>,
  ): Promise<Result>;
  api<Paths extends {}>(): ApiClient<Paths>;
}

/** @throws {TypeError} naming the option that is wrong */
export function createConnection(definition: ClientDefinition, given: object): Connection {
  const { vendor, createName, version } = definition;
  if (typeof given !== "object" || given === null)
    throw new TypeError(`${createName}: expects an object of options`);
  const options = given as ClientOptions & Record<string, unknown>; // the generated option types extend ClientOptions
  const {
    requestTimeoutMs = 30_000,
    clock = createSystemClock(),
    onEvent,
    rateLimit,
    userAgent,
    fetch,
  } = options;
  checkMs("requestTimeoutMs", requestTimeoutMs);
  const credentials = readCredentials(createName, definition.auth, options);
  const baseUrl = serverUrl(
    createName,
    definition,
    credentials.schemes.map(({ option }) => option),
    options,
  );
  const limiter =
    rateLimit === false ? undefined : chooseLimiter(rateLimit ?? definition.rateLimit ?? {}, clock);
  const agent = [userAgent, `outhaul-${vendor}/${version}`].filter(Boolean).join(" ");
  const headers: Record<string, string> =
    userAgent || typeof document === "undefined" ? { "user-agent": agent } : {};
  const errors = createRequestErrors(definition, credentials.redact);
  const events = createClientEvents(vendor, onEvent);
  const { enter, request } = createExchange({
    ...{ vendor, clock, credentials, limiter, errors, events, requestTimeoutMs },
  });
  const doFetch: typeof globalThis.fetch = (input, init) => (fetch ?? globalThis.fetch)(input, init);
  let transport: ByteTransport | undefined;

  async function send(
    operation: Operation,
    parts: RequestParts,
    context: RequestContext,
  ): Promise<FullReply> {
    const url = requestUrl(baseUrl, operation.path, parts);
    const { method } = operation;
    const body = parts.body === undefined ? null : JSON.stringify(parts.body);
    const fixed = {
      ...headers,
      accept: "application/json",
      ...(body === null ? {} : { "content-type": "application/json" }),
      ...parts.headers,
    };
    return request(
      operation,
      context,
      (signal, auth) =>
        followOnOrigin(doFetch, url, { method, body, headers: { ...fixed, ...auth }, signal }),
      async (response, afterMs) => toReply(response.status, response.headers, await response.text(), afterMs),
    );
  }

  async function open<Result extends { status: number }>(
    operation: Operation,
    parts: RequestParts,
    context: RequestContext,
    receive: (reply: RawReply, afterMs: number | undefined, hold: () => () => void) => Promise<Result>,
  ): Promise<Result> {
    const url = requestUrl(baseUrl, operation.path, parts);
    transport ??=
      (fetch ? undefined : platformTransport(undefined)) ??
      (await import("../http/fetch-transport.js")).fetchTransport(doFetch); // few vendors need it
    const through = transport;
    const fixed = { ...headers, accept: "*/*", "accept-encoding": "identity", ...parts.headers };
    return request(
      operation,
      context,
      (signal, auth) => through(url, { headers: { ...fixed, ...auth }, signal }),
      receive,
    );
  }

  function api<Paths extends {}>(): ApiClient<Paths> {
    const { when } = definition.errors ?? {};
    return createApiClient<Paths>(baseUrl, (given, { path, signal }) => {
      const operation = { id: "", method: given.method as Operation["method"], path }; // openapi-fetch has upper-case methods
      const context: RequestContext = { kind: "call", signal };
      const spare = credentials.renewable ? given.clone() : given;
      /** Errors that come with a code of success are errors for the caller, too. */
      const refuse = async (
        response: Response,
        isError: (reply: FullReply) => boolean,
      ): Promise<Response> => {
        const reply = toReply(response.status, response.headers, await response.clone().text());
        if (isError(reply)) throw errors.api(operation, reply, context);
        return response;
      };
      let next = given;
      return request(
        operation,
        context,
        (cut, auth) => {
          const current = next;
          next = spare;
          for (const name in headers) current.headers.set(name, headers[name] ?? "");
          for (const name in auth) current.headers.set(name, auth[name] ?? "");
          return doFetch(current, { signal: cut });
        },
        (response) => (when && isJson(response) ? refuse(response, when) : response),
      );
    });
  }

  return {
    ...{ vendor, definition, baseUrl, clock, credentials, errors, requestTimeoutMs, fetch, headers },
    account: accountHash(definition, credentials, baseUrl, options),
    ...{ events, enter, send, open, api },
  };
}

function isJson({ ok, headers }: Response): boolean {
  return ok && headers.get("content-type")?.includes("json") === true;
}

function chooseLimiter(
  given: Parameters<typeof createRateLimiter>[0] | RateLimiter,
  clock: Clock,
): RateLimiter {
  return "acquire" in given ? given : createRateLimiter(given, clock);
}

/** A hash of the server and of the options that tell accounts apart; none of them is a secret. */
function accountHash(
  { variables }: ClientDefinition,
  { schemes }: Credentials,
  baseUrl: string,
  options: Readonly<Record<string, unknown>>,
): string {
  const names = [
    ...Object.keys(variables).filter((name) => variables[name]?.account),
    ...schemes.filter(({ account }) => account).map(({ option }) => option),
  ];
  const values = names.map((name) => (typeof options[name] === "function" ? "" : (options[name] ?? "")));
  return checksum(JSON.stringify([new URL(baseUrl).origin, ...values]));
}
