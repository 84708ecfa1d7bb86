import { platformTransport } from "#platform";
import { type ApiClient, createApiClient, requestUrl } from "./api.js";
import type { ByteTransport, RawReply } from "./byte-transport.js";
import { fetchTransport } from "./byte-transport-fetch.js";
import type { ClientDefinition, ClientEvent, ClientOptions } from "./client-types.js";
import type { Clock } from "./clock.js";
import { type Credentials, readCredentials } from "./credentials.js";
import { describeFailure, TimedOut } from "./failure.js";
import { followOnOrigin } from "./follow-on-origin.js";
import { createRateLimiter, type RateLimiter, type RequestKind } from "./rate-limiter.js";
import { type FullReply, toReply } from "./reply.js";
import { createRequestErrors, type RequestErrors } from "./request-errors.js";
import { checksum } from "./resume-token.js";
import { retryAfterMs } from "./retry-after.js";
import { serverUrl } from "./server-url.js";
import { createSystemClock } from "./system-clock.js";
import { checkMs } from "./wait-options.js";
import type { Operation, RequestParts } from "./workflow.js";

/** What a request belongs to. */
export interface RequestContext {
  kind: RequestKind;
  workflow?: string;
  jobId?: string | undefined;
  token?: string | undefined;
  attempt?: number;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

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
  emit(event: ClientEvent): void;
  /** Waits for the account's limits. */
  enter(kind: RequestKind, signal?: AbortSignal): (() => void) | Promise<() => void>;
  /** Tells the limiter of a reply. @returns what the vendor asks to wait, in milliseconds */
  observe(reply: { status: number; headers: Headers }): number | undefined;
  /** Sends a step's request and reads the reply. @throws {@link ConnectionError}; `signal.reason` */
  send(operation: Operation, parts: RequestParts, context: RequestContext): Promise<FullReply>;
  /** Sends a step's request and leaves the reply's body to be read. @throws {@link ConnectionError}; `signal.reason` */
  open(operation: Operation, parts: RequestParts, context: RequestContext): Promise<RawReply>;
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
  const doFetch: typeof globalThis.fetch = (input, init) => (fetch ?? globalThis.fetch)(input, init);
  let transport: ByteTransport | undefined;

  let listenerFailed = false;
  const emit = (event: ClientEvent): void => {
    try {
      onEvent?.(event);
    } catch (error) {
      if (listenerFailed) return;
      listenerFailed = true;
      emit({ type: "listenerFailed", vendor, error });
    }
  };

  const observe: Connection["observe"] = ({ status, headers: said }) => {
    const afterMs = retryAfterMs(said, clock.now());
    limiter?.observe?.({ status, headers: said, retryAfterMs: afterMs });
    return afterMs;
  };

  const enter: Connection["enter"] = (kind, signal) => limiter?.acquire({ kind, signal }) ?? nothing;

  /** One request: with credentials, within the limits, within its time, and told of. */
  async function exchange<Answer extends { status: number; headers: Headers }, Result>(
    operation: Operation,
    context: RequestContext,
    open: (signal: AbortSignal, auth: Record<string, string>) => Promise<Answer>,
    receive: (answer: Answer) => Promise<Result> | Result,
  ): Promise<Result> {
    const { kind, signal, timeoutMs = requestTimeoutMs, attempt = 1, workflow, jobId } = context;
    signal?.throwIfAborted();
    const asked = credentials.headers();
    const auth = asked instanceof Promise ? await asked : asked;
    const waitingSince = clock.now();
    const pass = enter(kind, signal);
    const leave = pass instanceof Promise ? await pass : pass;
    const startedAt = clock.now();
    const controller = new AbortController();
    const timer = clock.setTimeout(() => controller.abort(new TimedOut(timeoutMs)), timeoutMs);
    const abort = () => controller.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    let status: number | undefined;
    let requestId: string | undefined;
    let failure: string | undefined;
    try {
      signal?.throwIfAborted();
      const answer = await open(controller.signal, auth);
      controller.signal.throwIfAborted();
      status = answer.status;
      requestId = answer.headers.get("x-request-id") ?? undefined;
      return await receive(answer);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const cause = controller.signal.aborted ? controller.signal.reason : error;
      failure = credentials.redact(describeFailure(cause));
      throw errors.connection(operation, cause, context, status !== undefined);
    } finally {
      clock.clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      leave();
      const { method, path } = operation;
      const now = clock.now();
      emit({
        type: "request",
        ...{ vendor, kind, method, path, status, attempt, requestId, workflow, jobId },
        durationMs: now - startedAt,
        limitedMs: startedAt - waitingSince,
        error: failure,
      });
    }
  }

  /** Sends once more, with credentials asked for anew, what was answered with 401. */
  async function renewing<Answer extends { status: number }>(once: () => Promise<Answer>): Promise<Answer> {
    const answer = await once();
    if (answer.status !== 401 || !credentials.renewable) return answer;
    credentials.renew();
    return once();
  }

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
    const receive = async (response: Response): Promise<FullReply> => {
      const afterMs = observe(response);
      return toReply(response.status, response.headers, await response.text(), afterMs);
    };
    return renewing(() =>
      exchange(
        operation,
        context,
        (signal, auth) =>
          followOnOrigin(doFetch, url, { method, body, headers: { ...fixed, ...auth }, signal }),
        receive,
      ),
    );
  }

  async function open(operation: Operation, parts: RequestParts, context: RequestContext): Promise<RawReply> {
    const url = requestUrl(baseUrl, operation.path, parts);
    transport ??= (fetch ? undefined : platformTransport(undefined)) ?? fetchTransport(doFetch);
    const through = transport;
    const fixed = { ...headers, accept: "*/*", "accept-encoding": "identity", ...parts.headers };
    return renewing(() =>
      exchange(
        operation,
        context,
        (signal, auth) => through(url, { headers: { ...fixed, ...auth }, signal }),
        (reply) => reply,
      ),
    );
  }

  function api<Paths extends {}>(): ApiClient<Paths> {
    return createApiClient<Paths>(baseUrl, async (request, path) => {
      const operation = { id: "", method: request.method as Operation["method"], path }; // openapi-fetch has upper-case methods
      const context: RequestContext = { kind: "call", signal: request.signal };
      const spare = credentials.renewable ? request.clone() : undefined;
      let sent = request;
      const receive = (response: Response): Response => {
        observe(response);
        return response;
      };
      const response = await renewing(() => {
        const current = sent;
        sent = spare ?? request;
        return exchange(
          operation,
          context,
          (signal, auth) => {
            for (const [key, value] of Object.entries({ ...headers, ...auth }))
              current.headers.set(key, value);
            return doFetch(current, { signal });
          },
          receive,
        );
      });
      const { when } = definition.errors ?? {};
      if (!when || !response.ok || !response.headers.get("content-type")?.includes("json")) return response;
      const reply = toReply(response.status, response.headers, await response.clone().text());
      if (when(reply)) throw errors.api(operation, reply, context);
      return response;
    });
  }

  return {
    ...{ vendor, definition, baseUrl, clock, credentials, errors, requestTimeoutMs, fetch, headers },
    account: accountHash(definition, credentials, baseUrl, options),
    ...{ emit, enter, observe, send, open, api },
  };
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

const nothing = (): void => {};
