import { platformTransport } from "#platform";
import { type ApiClient, createApiClient, requestUrl } from "./api.js";
import type { ByteTransport, RawReply } from "./byte-transport.js";
import { fetchTransport } from "./byte-transport-fetch.js";
import type { ClientDefinition, ClientEvent, ClientOptions } from "./client-types.js";
import type { Clock } from "./clock.js";
import { type Credentials, readCredentials } from "./credentials.js";
import { describeFailure, wasNotSent } from "./failure.js";
import { ApiError, ConnectionError, ProtocolError } from "./job-errors.js";
import { createRateLimiter, type RateLimiter, type RequestKind } from "./rate-limiter.js";
import { type FullReply, isTransient, plainText, short, toReply } from "./reply.js";
import { checksum } from "./resume-token.js";
import { retryAfterMs } from "./retry-after.js";
import { serverUrl } from "./server-url.js";
import { createSystemClock } from "./system-clock.js";
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
  readonly requestTimeoutMs: number;
  /** The user's fetch, where one was given. */
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly headers: Readonly<Record<string, string>>;
  emit(event: ClientEvent): void;
  /** Waits for the account's limits. */
  enter(kind: RequestKind, signal?: AbortSignal): (() => void) | Promise<() => void>;
  observe(status: number, headers: Headers): number | undefined;
  /** Sends a step's request and reads the reply. @throws {@link ConnectionError}; `signal.reason` */
  send(operation: Operation, parts: RequestParts, context: RequestContext): Promise<FullReply>;
  /** Sends a step's request and leaves the reply's body to be read. @throws {@link ConnectionError}; `signal.reason` */
  open(operation: Operation, parts: RequestParts, context: RequestContext): Promise<RawReply>;
  /** What was asked, for messages. */
  about(operation: Operation, context: RequestContext): string;
  /** The error that a reply is. */
  apiError(operation: Operation, reply: FullReply, context: RequestContext): ApiError;
  /** The error for a reply that is not what the vendor's documents promise. */
  protocolError(
    operation: Operation,
    reply: FullReply,
    problem: string,
    context: RequestContext,
  ): ProtocolError;
  api<Paths extends {}>(): ApiClient<Paths>;
}

const MAX_REDIRECTS = 5;

/** @throws {TypeError} naming the option that is wrong */
export function createConnection(definition: ClientDefinition, given: object): Connection {
  const options = given as ClientOptions & Record<string, unknown>; // the generated option types extend ClientOptions
  const { vendor, createName } = definition;
  if (typeof given !== "object" || given === null)
    throw new TypeError(`${createName}: expects an object of options`);
  const credentials = readCredentials(createName, definition.auth, options);
  const schemes = credentials.schemes.map(({ option }) => option);
  const baseUrl = serverUrl(createName, definition, schemes, options);
  const { requestTimeoutMs = 30_000, clock = createSystemClock(), onEvent, rateLimit } = options;
  if (!(requestTimeoutMs > 0))
    throw new TypeError(
      `${createName}: the option "requestTimeoutMs" must be a number of milliseconds above 0`,
    );
  const limiter: RateLimiter | undefined =
    rateLimit === false
      ? undefined
      : rateLimit && "acquire" in rateLimit
        ? rateLimit
        : createRateLimiter(rateLimit ?? definition.rateLimit ?? {}, clock);
  const name = `outhaul-${vendor}/${definition.version}`;
  const headers: Record<string, string> =
    options.userAgent || typeof document === "undefined"
      ? { "user-agent": options.userAgent ? `${options.userAgent} ${name}` : name }
      : {};
  const account = checksum(
    [
      new URL(baseUrl).origin,
      ...Object.keys(definition.variables).filter((key) => definition.variables[key]?.account),
      ...credentials.schemes.filter((scheme) => scheme.account).map(({ option }) => option),
    ]
      .map((key, index) =>
        index === 0 ? key : `${key}=${typeof options[key] === "function" ? "" : String(options[key] ?? "")}`,
      )
      .join("\n"),
  );

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

  const observe = (status: number, replyHeaders: Headers): number | undefined => {
    const afterMs = retryAfterMs(replyHeaders, clock.now());
    limiter?.observe?.({ status, headers: replyHeaders, retryAfterMs: afterMs });
    return afterMs;
  };

  const enter = (kind: RequestKind, signal?: AbortSignal) => limiter?.acquire({ kind, signal }) ?? nothing;

  /** One request with credentials, within the limits, followed on its own origin; `receive` reads what is needed of the reply. */
  async function exchange<Answer extends { status: number; headers: Headers }, T>(
    operation: Operation,
    context: RequestContext,
    open: (signal: AbortSignal, auth: Record<string, string>) => Promise<Answer>,
    receive: (answer: Answer) => Promise<T> | T,
  ): Promise<T> {
    const { kind, signal, timeoutMs = requestTimeoutMs, attempt = 1 } = context;
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
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    let status: number | undefined;
    let requestId: string | undefined;
    let failure: string | undefined;
    try {
      const response = await open(controller.signal, auth);
      controller.signal.throwIfAborted();
      status = response.status;
      requestId = response.headers.get("x-request-id") ?? undefined;
      return await receive(response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const reason = controller.signal.aborted ? controller.signal.reason : error;
      failure = credentials.redact(describeFailure(reason));
      throw connectionError(operation, reason, context, status !== undefined);
    } finally {
      clock.clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      leave();
      emit({
        type: "request",
        vendor,
        kind,
        method: operation.method,
        path: operation.path,
        ...(status === undefined ? {} : { status }),
        durationMs: clock.now() - startedAt,
        attempt,
        ...(requestId === undefined ? {} : { requestId }),
        ...(context.workflow === undefined ? {} : { workflow: context.workflow }),
        ...(context.jobId === undefined ? {} : { jobId: context.jobId }),
        ...(failure === undefined ? {} : { error: failure }),
        limitedMs: startedAt - waitingSince,
      });
    }
  }

  function connectionError(
    operation: Operation,
    error: unknown,
    context: RequestContext,
    answered: boolean,
  ): ConnectionError {
    const what = `${answered ? "the reply broke off" : "no reply"}: ${credentials.redact(describeFailure(error))}`;
    return new ConnectionError(`${about(operation, context)}: ${what}`, {
      code: error instanceof TimedOut ? "REQUEST_TIMEOUT" : "CONNECTION_ERROR",
      vendor,
      jobId: context.jobId,
      token: context.token,
      requestSent: answered || !wasNotSent(error),
      cause: error,
    });
  }

  function about({ method, path }: Operation, { workflow, jobId }: RequestContext): string {
    return `${vendor}: ${[workflow, jobId].filter(Boolean).join(" ")}${workflow ? ": " : ""}${method} ${path}`;
  }

  const doFetch: typeof globalThis.fetch = (input, init) => (options.fetch ?? globalThis.fetch)(input, init);

  async function follow(url: URL, init: RequestInit): Promise<Response> {
    let at = url;
    for (let hops = 0; ; hops++) {
      const response = await doFetch(at.href, init);
      const location = response.headers.get("location");
      if (
        init.method !== "GET" ||
        !/^30[12378]$/.test(String(response.status)) ||
        !location ||
        hops >= MAX_REDIRECTS
      )
        return response;
      const next = new URL(location, at);
      if (next.origin !== at.origin) return response;
      await response.body?.cancel();
      at = next;
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
    const body = parts.body === undefined ? undefined : JSON.stringify(parts.body);
    const fixed = {
      ...headers,
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...parts.headers,
    };
    const init = {
      method: operation.method,
      redirect: "manual" as const,
      ...(body === undefined ? {} : { body }),
    };
    return renewing(() =>
      exchange(
        operation,
        context,
        (signal, auth) => follow(url, { ...init, headers: { ...fixed, ...auth }, signal }),
        async (response) => {
          const afterMs = observe(response.status, response.headers);
          return toReply(response.status, response.headers, await response.text(), afterMs);
        },
      ),
    );
  }

  async function open(operation: Operation, parts: RequestParts, context: RequestContext): Promise<RawReply> {
    const url = requestUrl(baseUrl, operation.path, parts);
    transport ??= (options.fetch ? undefined : platformTransport(undefined)) ?? fetchTransport(doFetch);
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

  function apiError(operation: Operation, reply: FullReply, context: RequestContext): ApiError {
    const { errors } = definition;
    const { status } = reply;
    const said = typeof reply.body === "string" ? plainText(reply.body) : errors?.message?.(reply);
    const afterMs = reply.retryAfterMs;
    const hints: Record<number, string> = {
      401: "check the credentials",
      403: "the account or its plan does not allow this",
      429: `rate limited${afterMs === undefined ? "" : `; retry in ${Math.ceil(afterMs / 1000)} s`}`,
    };
    const redirected =
      status >= 300 && status < 400
        ? "; it redirects to another place, which is not followed with credentials"
        : "";
    const hint = hints[status] ? ` (${hints[status]})` : redirected;
    const id = errors?.requestId?.(reply);
    return new ApiError(
      `${about(operation, context)} answered ${status}${reply.ok ? " with an error" : ""}${hint}${said ? `: ${short(credentials.redact(String(said)))}` : ""}`,
      {
        vendor,
        status,
        body: reply.body,
        jobId: context.jobId,
        token: context.token,
        retryAfterMs: afterMs,
        requestId: id === undefined || id === null ? undefined : short(String(id)),
        isRetryable: isTransient(reply),
      },
    );
  }

  function protocolError(
    operation: Operation,
    reply: FullReply,
    problem: string,
    context: RequestContext,
  ): ProtocolError {
    const text =
      typeof reply.body === "string"
        ? plainText(reply.body)
        : (JSON.stringify(reply.body) ?? "an empty body");
    return new ProtocolError(
      `${about(operation, context)} answered ${reply.status} with ${problem}: ${short(credentials.redact(text))}`,
      {
        vendor,
        jobId: context.jobId,
        token: context.token,
      },
    );
  }

  function api<Paths extends {}>(): ApiClient<Paths> {
    return createApiClient<Paths>(baseUrl, async (request, path) => {
      const operation = { id: "", method: request.method as Operation["method"], path };
      const context: RequestContext = { kind: "call", signal: request.signal };
      const again = credentials.renewable ? request.clone() : undefined;
      const once = (sent: Request) =>
        exchange(
          operation,
          context,
          (signal, auth) => {
            for (const [key, value] of Object.entries(headers)) sent.headers.set(key, value);
            for (const [key, value] of Object.entries(auth)) sent.headers.set(key, value);
            return doFetch(sent, { signal });
          },
          (response) => {
            observe(response.status, response.headers);
            return response;
          },
        );
      let response = await once(request);
      if (response.status === 401 && again) {
        credentials.renew();
        response = await once(again);
      }
      const { when } = definition.errors ?? {};
      if (!when || !response.ok || !response.headers.get("content-type")?.includes("json")) return response;
      const reply = toReply(response.status, response.headers, await response.clone().text());
      if (when(reply)) throw apiError(operation, reply, context);
      return response;
    });
  }

  return {
    vendor,
    definition,
    baseUrl,
    account,
    clock,
    credentials,
    requestTimeoutMs,
    fetch: options.fetch,
    headers,
    emit,
    enter,
    observe,
    send,
    open,
    about,
    apiError,
    protocolError,
    api,
  };
}

class TimedOut extends Error {
  constructor(timeoutMs: number) {
    super(`nothing within ${timeoutMs / 1000} s`);
  }
}

const nothing = (): void => {};
