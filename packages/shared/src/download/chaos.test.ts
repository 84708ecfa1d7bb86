import type { ClientEvent } from "../client/options.js";
import { createClient } from "../client.js";
import { OuthaulError } from "../errors/outhaul-error.js";
import type { DownloadEvent } from "../file/options.js";
import { createOneStepClient, oneStep } from "../one-step.js";
import { inTime, playChaos, secretIn } from "../testing/chaos-run.js";
import { chaos, HEADER_SECRET, QUERY_SECRET } from "../testing/chaos-server.js";
import { testClock } from "../testing/download-clock.js";
import { type Body, definition, workflow } from "../testing/fake-vendor.js";
import type { TestFolder } from "../testing/folder.js";
import { type Answer, answer, rawServer } from "../testing/raw-server.js";
import type { Workflow } from "../workflow/workflow.js";
import { download, downloadTo } from "./download.js";

const HOUR_MS = 3_600_000;
/** What a body without end may send before its reader has enough of it: what the sockets hold, and what is read. */
const MAX_POURED = 32 << 20;

const ways = ["file", "kept file", "memory", "stream", "poll", "one step"] as const;

/** A vendor whose poll is answered with the file when it is there. */
const { download: _, ...withoutDownload } = workflow;
const polled = (expectsType: boolean): Workflow<{ name?: string }, Body> => ({
  ...withoutDownload,
  name: "exportThings",
  poll: {
    operation: { id: "file", method: "GET", path: "/file.csv" },
    request: () => ({}),
    states: [
      ["succeeded", (reply) => reply.status === 200],
      ["running", (reply) => reply.status === 412],
      ["unknown", () => true],
    ],
    file: { [expectsType ? "text/csv" : "*/*"]: "" },
    loadFilePoll: () => import("../polling/file-request.js"),
  },
});

/** A vendor whose one request is the whole export. */
const single = (expectsType: boolean) =>
  oneStep<{ name?: string }>({
    name: "exportThings",
    operation: { id: "file", method: "GET", path: "/file.csv" },
    request: () => ({}),
    ...(expectsType && { file: { "text/csv": "" } }),
  }) as unknown as Workflow<{ name?: string }, Body>; // its type of a poll's body is that of no poll

/** Takes every start, and leaves all else to another. */
const withStart =
  (rest: Answer): Answer =>
  (socket, request, index) =>
    request.line.startsWith("POST ")
      ? answer(["202 Accepted", "Content-Type: application/json", "Content-Length: 11"], '{"id":"j1"}')(
          socket,
          request,
          index,
        )
      : rest(socket, request, index);

/** Downloads from the server of a seed; tells whether a file came of it. */
async function attempt(seed: number, way: (typeof ways)[number], folder: TestFolder): Promise<boolean> {
  const clock = testClock();
  // Time passes by itself, too: fetch tells of some bodies that cannot be decoded neither bytes nor an end.
  const passing = setInterval(() => clock.advance(10_000), 300);
  const isBlind = seed % 4 === 3;
  const expectsType = seed % 3 === 0;
  const server = chaos(seed, { clock, isBlind, expectsType });
  const own = await rawServer(way === "poll" ? withStart(server.answer) : server.answer);
  const other = await rawServer(server.answer);
  server.elsewhere = other.origin;
  const out: unknown[] = [];
  const onEvent = (event: DownloadEvent) => {
    out.push(event);
    // Longer pauses do not pass by themselves.
    if (event.type === "retry" && event.waitMs > 20_000) setTimeout(() => clock.advance(event.waitMs), 1);
  };
  const options = {
    clock,
    onEvent,
    headers: { authorization: `Bearer ${HEADER_SECRET}` },
    resume: seed % 5 ? ("auto" as const) : ("unsafe" as const),
    maxBytes: 1_000_000,
    timeouts: { totalMs: 2 * HOUR_MS },
    ...(isBlind && { fetch: globalThis.fetch }),
    ...(expectsType && { expectType: "text/csv" }),
  };
  const url = own.url(`/file.csv?sig=${QUERY_SECRET}`);
  const save = async (more = {}) => {
    out.push(await downloadTo(url, folder.file(`f${seed}`), { ...options, ...more }));
    return folder.read(`f${seed}`);
  };
  async function saveJob(create: typeof createClient, workflow: Workflow<{ name?: string }, Body>) {
    const client = create(definition, {
      clock,
      token: HEADER_SECRET,
      baseUrl: own.origin,
      rateLimit: false,
      onEvent(event: ClientEvent) {
        out.push(event);
        if (event.type === "wait" && event.delayMs > 20_000)
          setTimeout(() => clock.advance(event.delayMs), 1);
      },
      ...(isBlind && { fetch: globalThis.fetch }),
    });
    const job = await client.start(workflow, {});
    const { timeouts, maxBytes } = options;
    out.push(
      await job.save(folder.file(`f${seed}`), { timeouts, maxBytes, timeoutMs: 2 * HOUR_MS, onEvent }),
    );
    return folder.read(`f${seed}`);
  }
  const kept = { keepPartial: true, retry: { attempts: 1 } };
  const take = {
    file: save,
    // What one run leaves, the next one goes on with.
    "kept file": () =>
      save(kept)
        .catch(() => save(kept))
        .catch(() => save({ keepPartial: true })),
    memory: async () => (await download(url, options)).bytes(),
    poll: () => saveJob(createClient, polled(expectsType)),
    "one step": () => saveJob(createOneStepClient, single(expectsType)),
    async stream() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await download(url, options)).body) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  };
  const wrong = (problem: string) => new Error(`seed ${seed}: ${problem}\n${server.said.join("\n")}`);
  let data: Uint8Array | undefined;
  try {
    data = await inTime(take[way]()).finally(() => clearInterval(passing));
  } catch (error) {
    out.push(error);
    if (!(error instanceof OuthaulError)) throw Object.assign(wrong("no error of ours"), { cause: error });
  }
  if (data && !server.versions.some(({ body }) => body.equals(data)))
    throw wrong(`${data.length} bytes are of no version`);
  if (server.poured > MAX_POURED) throw wrong(`${server.poured} bytes of a body without end were taken`);
  if (clock.armed) throw wrong("a timer is left");
  const secret = secretIn(out);
  if (secret) throw wrong(`a secret in ${secret}`);
  if (other.requests.some(({ headers }) => headers["authorization"])) throw wrong("a key went elsewhere");
  return data !== undefined;
}

playChaos(ways, attempt, (way) => (way === "kept file" ? /^\.f\d+\.keep\./ : /^$/));
