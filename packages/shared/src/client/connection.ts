import { platform } from "#platform";
import { type Credentials, readCredentials } from "../account/credentials.js";
import { serverUrl } from "../account/server-url.js";
import { createRateLimiter, type RateLimiter } from "../limits/rate-limiter.js";
import { checkOptions, type OptionTable } from "../options/check-options.js";
import type { Clock } from "../time/clock.js";
import { createSystemClock } from "../time/system-clock.js";
import { accountHash } from "./account-hash.js";
import { type ApiClient, createApiClient } from "./api-client.js";
import { createErrorFactory, type ErrorFactory } from "./error-factory.js";
import { type ClientEvents, createClientEvents } from "./events.js";
import type { ClientDefinition, ClientOptions, JobTurns, LongLimitsContext } from "./options.js";
import { createRequestPipeline, type RequestPipeline } from "./request-pipeline.js";
import { createStepRequests, type StepRequests } from "./step-requests.js";

/** One account at one vendor: address, credentials, limits. Every request goes through it. */
export interface Connection extends StepRequests {
  readonly vendor: string;
  readonly definition: ClientDefinition;
  readonly baseUrl: string;
  /** A hash of what distinguishes accounts. */
  readonly account: string;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly errors: ErrorFactory;
  readonly requestTimeoutMs: number;
  /** The user's `fetch`, if one was given. */
  readonly fetch: typeof globalThis.fetch | undefined;
  /** The user's agent, if one was given. */
  readonly agent: object | undefined;
  /** What every request says of its sender. */
  readonly headers: Readonly<Record<string, string>>;
  readonly events: ClientEvents;
  /** The turns of the starts, where the vendor allows only so many jobs at once. */
  readonly turns: JobTurns | undefined;
  /** Waits for a slot within the account's limits. */
  readonly acquire: RequestPipeline["acquire"];
  /** Makes the typed client of all operations. */
  createApi<Paths extends {}>(): ApiClient<Paths>;
}

const CLIENT_OPTIONS: OptionTable<ClientOptions> = {
  baseUrl: "",
  fetch: "function",
  agent: "object",
  userAgent: "",
  requestTimeoutMs: "number",
  maxReplyBytes: "number",
  rateLimit: "",
  clock: "",
  onEvent: "function",
};

/** @throws {TypeError} naming the option that is wrong */
export function createConnection(definition: ClientDefinition, given: object): Connection {
  const { vendor, createName } = definition;
  const own = [...definition.auth.flat().map(({ option }) => option), ...Object.keys(definition.variables)];
  checkOptions(createName, given ?? null, {
    ...CLIENT_OPTIONS,
    ...Object.fromEntries(own.map((name) => [name, ""])),
    ...definition.signIn?.options,
  });
  const options = given as ClientOptions & Record<string, unknown>; // the generated option types extend ClientOptions
  const {
    requestTimeoutMs = 30_000,
    maxReplyBytes = 10_000_000,
    clock = createSystemClock(),
    onEvent,
    fetch,
    agent,
  } = options;
  const events = createClientEvents(vendor, onEvent);
  // The global fetch as it is at the time of the request, so that a mock that is installed later works.
  const doFetch: typeof globalThis.fetch =
    platform.fetchBy?.(agent, fetch) ?? ((input, init) => (fetch ?? globalThis.fetch)(input, init));
  const headers = senderHeaders(definition, options);
  const credentials =
    definition.signIn?.read(definition, options, { clock, doFetch, headers, events }) ??
    readCredentials(createName, definition.auth, options);
  const credentialOptions = credentials.schemes.map(({ option }) => option);
  const baseUrl = serverUrl(createName, definition, credentialOptions, options);
  const errors = createErrorFactory(definition, credentials.redact);
  const pipeline = createRequestPipeline({
    vendor,
    clock,
    credentials,
    limiter: chooseLimiter(options, definition, { vendor, clock, events }),
    errors,
    events,
    requestTimeoutMs,
    isRefused: definition.errors?.renew,
  });
  const requests = {
    definition,
    baseUrl,
    headers,
    credentials,
    clock,
    requestTimeoutMs,
    errors,
    fetch,
    agent,
    doFetch: credentials.through?.(doFetch) ?? doFetch,
    pipeline,
    maxReplyBytes,
  };
  const steps = createStepRequests(requests);
  return {
    vendor,
    definition,
    baseUrl,
    account: accountHash(definition, credentials, baseUrl, options),
    clock,
    credentials,
    errors,
    requestTimeoutMs,
    fetch,
    agent,
    headers,
    events,
    turns: options.rateLimit === false ? undefined : definition.openJobs?.create({ vendor, clock, events }),
    acquire: pipeline.acquire,
    send: steps.send,
    open: steps.open,
    createApi: () => createApiClient(requests),
  };
}

function chooseLimiter(
  { rateLimit }: ClientOptions,
  { rateLimit: documented = {}, longLimits }: ClientDefinition,
  context: LongLimitsContext,
): RateLimiter | undefined {
  if (rateLimit === false) return undefined;
  const limits = rateLimit ?? documented;
  if ("acquire" in limits) return limits;
  const limiter = createRateLimiter(limits, context.clock);
  return longLimits?.over(limiter, context) ?? limiter;
}

/** A browser sends its own name unless the user gives one. */
function senderHeaders(
  { vendor, version }: ClientDefinition,
  { userAgent }: ClientOptions,
): Record<string, string> {
  if (!userAgent && typeof document !== "undefined") return {};
  return { "user-agent": [userAgent, `outhaul-${vendor}/${version}`].filter(Boolean).join(" ") };
}
