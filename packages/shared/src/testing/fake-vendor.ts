// Loaded before a test starts: loading takes real time, in which a fake clock stands still.
import "../client/api-requests.js";
import "../job/cancel.js";
import "../job/events.js";
import "../job/find-lost-job.js";
import "../job/lost-create.js";
import "../polling/file-request.js";
import type { ClientDefinition, ClientOptions } from "../client/options.js";
import { createClient } from "../client.js";
import { vendorError } from "../workflow/failure-reason.js";
import { toProgress } from "../workflow/progress.js";
import type { Reply, Workflow } from "../workflow/workflow.js";
import { FakeClock } from "./fake-clock.js";

/** What the vendor answers: a status with a body and headers, a failing connection, silence, or whatever a function says. */
export type Scripted =
  | { status: number; body?: unknown; headers?: Record<string, string>; text?: string }
  | { fail: "refused" | "reset" | "truncated" }
  /** A body without end: a byte every so often, or as much as its reader takes; heeding the signal or not. */
  | { status: number; endless: { everyMs: number; isDeaf: boolean } }
  | "hang"
  | ((request: SeenRequest) => Scripted | Promise<Scripted>);

export interface SeenRequest {
  kind: "C" | "S" | "X" | "D";
  at: number;
  url: string;
  headers: Record<string, string>;
  body: unknown;
  signal?: AbortSignal | undefined;
}

export interface Body {
  id?: string;
  name?: string;
  status?: string;
  reason?: string;
  done?: number;
  total?: number;
}

export const created = (id = "j1", headers: Record<string, string> = {}): Scripted => ({
  status: 202,
  body: { id },
  headers,
});
export const state = (status: unknown, more: Record<string, unknown> = {}): Scripted => ({
  status: 200,
  body: { id: "j1", status, ...more },
});
export const run: Scripted = state("running");
export const done: Scripted = state("done");
export const status = (
  code: number,
  headers: Record<string, string> = {},
  body: unknown = { message: `status ${code}` },
): Scripted => ({ status: code, headers, body });

/** A vendor of the usual kind: create, poll by id, download, cancel. */
export const workflow: Workflow<{ name?: string }, Body> = {
  name: "exportThings",
  start: {
    operation: { id: "create", method: "POST", path: "/exports" },
    request: (body) => ({ body }),
    accepted: (reply) => reply.status === 202,
    outputs: (reply: Reply<Body>) => ({
      id: reply.body?.id ?? reply.headers.get("location")?.split("/").pop(),
    }),
  },
  poll: {
    loadFilePoll: () => import("../polling/file-request.js"),
    operation: { id: "view", method: "GET", path: "/exports/{id}" },
    request: ({ id }) => ({ path: { id } }),
    states: [
      ["succeeded", (reply) => reply.ok && /^\s*done\s*$/i.test(String(reply.body?.status))],
      ["failed", (reply) => reply.ok && reply.body?.status === "failed"],
      ["cancelled", (reply) => reply.ok && /^\s*cancell?ed\s*$/i.test(String(reply.body?.status))],
      ["running", (reply) => reply.ok && /^(queued|running|cancelling)$/.test(String(reply.body?.status))],
      ["unknown", () => true],
    ],
    status: (reply) => reply.body?.status,
    progress: (reply) => toProgress({ done: reply.body?.done, total: reply.body?.total }),
    failureReason: (reply) => vendorError(reply.body?.reason),
  },
  download: {
    operation: { id: "download", method: "GET", path: "/exports/{id}/file" },
    request: ({ id }) => ({ path: { id } }),
  },
  cancel: {
    operation: { id: "cancel", method: "POST", path: "/exports/{id}/cancel" },
    request: ({ id }) => ({ path: { id } }),
    load: () => import("../job/cancel.js"),
  },
};

/** The same, where a lost job can be found by its name. */
export const findable: Workflow<{ name?: string }, Body> = {
  ...workflow,
  name: "exportFindable",
  start: { ...workflow.start, outputs: () => ({}), keep: (request) => ({ name: request.name }) },
  find: {
    unique: "name",
    matches: (reply, unique) => reply.body?.name === unique,
    load: () => import("../job/find-lost-job.js"),
  },
};

export const definition: ClientDefinition = {
  vendor: "acme",
  createName: "createAcme",
  version: "1.0.0",
  servers: [{ url: "https://api.acme.test/{space}" }],
  variables: { space: { default: "", account: true } },
  auth: [[{ option: "token", env: "OUTHAUL_ACME_TOKEN", in: "bearer" }]],
  errors: {
    when: (reply) => (reply.body as { error?: boolean } | undefined)?.error === true,
    message: (reply) => (reply.body as { message?: unknown } | undefined)?.message,
  },
  workflows: [workflow, findable] as unknown as ClientDefinition["workflows"],
};

export interface Script {
  create?: Scripted[];
  status?: Scripted[];
  cancel?: Scripted[];
  file?: Scripted[];
}

/** A client of a scripted vendor on a fake clock; of each script the last reply repeats. */
export function fakeVendor(
  script: Script,
  {
    errors,
    longLimits,
    openJobs,
    ...options
  }: Partial<ClientOptions> & {
    token?: unknown;
    space?: string;
    errors?: ClientDefinition["errors"];
    longLimits?: ClientDefinition["longLimits"];
    openJobs?: ClientDefinition["openJobs"];
  } = {},
) {
  const clock = options.clock instanceof FakeClock ? options.clock : new FakeClock();
  const requests: SeenRequest[] = [];
  const counts = { C: 0, S: 0, X: 0, D: 0 };

  const answer = async (
    scripted: Scripted | undefined,
    request: SeenRequest,
    signal?: AbortSignal | null,
  ): Promise<Response> => {
    if (scripted === undefined) throw new Error(`no reply is scripted for ${request.kind}`);
    if (typeof scripted === "function") return answer(await scripted(request), request, signal);
    if (scripted === "hang")
      return new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true }),
      );
    if ("fail" in scripted) {
      if (scripted.fail === "truncated")
        return new Response('{"id":"j1","sta', {
          status: 200,
          headers: { "content-type": "application/json" },
        });
      const code = scripted.fail === "refused" ? "ECONNREFUSED" : "ECONNRESET";
      throw new TypeError("fetch failed", { cause: Object.assign(new Error(`socket: ${code}`), { code }) });
    }
    if ("endless" in scripted) {
      const body = endlessBody(clock, scripted.endless, signal);
      return new Response(body, { ...scripted, headers: { "content-type": "application/json" } });
    }
    const text = scripted.text ?? (scripted.body === undefined ? null : JSON.stringify(scripted.body));
    return new Response([204, 304].includes(scripted.status) ? null : text, {
      status: scripted.status,
      headers: { "content-type": "application/json", ...scripted.headers },
    });
  };

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const given = input instanceof Request ? input : undefined;
    const url = given?.url ?? String(input);
    const method = given?.method ?? init?.method ?? "GET";
    const kind = url.endsWith("/cancel") ? "X" : url.endsWith("/file") ? "D" : method === "POST" ? "C" : "S";
    const headers = Object.fromEntries(new Headers(given?.headers ?? init?.headers).entries());
    const body = init?.body ? JSON.parse(String(init.body)) : undefined;
    const signal = init?.signal ?? undefined;
    const request: SeenRequest = { kind, at: clock.seconds, url, headers, body, signal };
    requests.push(request);
    const replies = {
      C: script.create ?? [created()],
      S: script.status ?? [done],
      X: script.cancel,
      D: script.file,
    }[kind];
    const scripted = replies?.[Math.min(counts[kind]++, replies.length - 1)];
    return answer(scripted, request, signal);
  };

  const client = createClient<Record<string, never>>(
    {
      ...definition,
      errors: { ...definition.errors, ...errors },
      ...(longLimits && { longLimits }),
      ...(openJobs && { openJobs }),
    },
    {
      token: "secret-token",
      clock,
      fetch,
      rateLimit: false,
      ...options,
    },
  );
  /** The requests as the list writes them: kind@seconds. */
  const seen = () => requests.map(({ kind, at }) => `${kind}@${Math.round(at * 1000) / 1000}`).join(" ");
  return { clock, client, requests, seen, script };
}

/** A body of blanks, with which JSON may begin, that never ends unless it is cancelled. */
function endlessBody(
  clock: FakeClock,
  { everyMs, isDeaf }: { everyMs: number; isDeaf: boolean },
  signal?: AbortSignal | null,
): ReadableStream<Uint8Array> {
  let timer: unknown;
  const stop = () => clock.clearTimeout(timer);
  return new ReadableStream(
    {
      start(stream) {
        if (isDeaf) return;
        signal?.addEventListener("abort", () => {
          stop();
          stream.error(signal.reason);
        });
      },
      pull: (stream) =>
        new Promise((resolve) => {
          const give = () => {
            stream.enqueue(new Uint8Array(everyMs ? 1 : 65_536).fill(32));
            resolve();
          };
          if (everyMs) timer = clock.setTimeout(give, everyMs);
          else give();
        }),
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}

/** The options that most lines are about: a poll every 10 s, five minutes of patience with failures. */
export const base = { schedule: () => 10_000, tolerance: { failuresMs: 300_000 } };
