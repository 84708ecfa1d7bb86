// Loaded before a test starts: loading takes real time, in which the clock here passes.
import "../body/refused.js";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type TestClock, testClock } from "../testing/download-clock.js";
import { soon } from "../testing/poll.js";
import { type Answer, answer, rawServer, whole } from "../testing/raw-server.js";
import { download } from "./download.js";

const CSV = "Content-Type: text/csv";
const HTML = "Content-Type: text/html";
/** A stored block of deflate without a byte in it: decoders read it for ever and give nothing. */
const EMPTY_BLOCK = Buffer.from([0, 0, 0, 0xff, 0xff]);
const GZIP_HEAD = gzipSync("").subarray(0, 10);

/** Sends a piece again and again; a second passes with each. */
function trickle(clock: TestClock, head: string[], piece: Uint8Array | string, first = piece): Answer {
  return (socket, request, index) => {
    answer(head, first)(socket, request, index);
    const timer = setInterval(() => {
      socket.write(piece);
      clock.advance(1000);
    }, 2);
    socket.once("close", () => clearInterval(timer));
  };
}

/** Sends as fast as its reader takes it, and counts. */
function flood(head: string[], sent: { bytes: number }): Answer {
  const block = Buffer.alloc(65_536, "x");
  return (socket: Socket, request, index) => {
    answer(head)(socket, request, index);
    const pour = () => {
      do sent.bytes += block.length;
      while (sent.bytes < 2 ** 30 && socket.write(block));
    };
    socket.on("drain", pour);
    pour();
  };
}

/** A user's `fetch` whose bodies heed no signal. */
const deafFetch: typeof fetch = async (input, init) => {
  const { signal: _, ...deaf } = init ?? {};
  const { status, headers, body } = await fetch(input, deaf);
  const reader = body?.getReader();
  const pull = async (stream: ReadableStreamDefaultController) => {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) stream.close();
    else stream.enqueue(value);
  };
  const cancel = async () => reader?.cancel().catch(() => {});
  return new Response(reader ? new ReadableStream({ pull, cancel }) : null, { status, headers });
};

const transports: [string, { fetch?: typeof fetch }][] = [
  ["node:http", {}],
  ["fetch", { fetch: globalThis.fetch }],
  ["a fetch that heeds no signal", { fetch: deafFetch }],
];

const refusals: [string, string[], object][] = [
  ["an error", ["403 Forbidden", HTML], { code: "HTTP_STATUS", status: 403 }],
  ["an error that may pass", ["503 Busy", HTML], { code: "HTTP_STATUS", status: 503 }],
  ["a page in place of the file", ["200 OK", HTML], { code: "UNEXPECTED_TYPE", status: 200 }],
  ["an unknown encoding", ["200 OK", CSV, "Content-Encoding: foo"], { code: "UNSUPPORTED_ENCODING" }],
  ["a strange status", ["299 Strange", CSV], { code: "UNEXPECTED_STATUS", status: 299 }],
];

describe.each(transports)("a reply that is refused (%s)", (_, transport) => {
  const refusedBy = async (clock: TestClock, serve: Answer) => {
    const server = await rawServer(serve);
    const began = clock.now();
    const options = { ...transport, clock, expectType: "text/csv", retry: { attempts: 1 } };
    const error = await download(server.url(), options).catch((failure: unknown) => failure);
    if (!transport.fetch) await soon(() => server.open.size).toBe(0);
    expect(clock.armed).toBe(0);
    return { error, seconds: (clock.now() - began) / 1000 };
  };

  it.each(refusals)(
    "settles in the time of a stall, though its body trickles for ever: %s",
    async (...[, head, expected]) => {
      const clock = testClock();
      const { error, seconds } = await refusedBy(clock, trickle(clock, head, "busy "));
      const message = expect.stringMatching(head[2] ? /foo/ : /busy busy/); // what cannot be decoded is not quoted
      expect(error).toMatchObject({ ...expected, message });
      expect(seconds).toBeLessThanOrEqual(32);
    },
  );

  it.each(refusals)("is not read to its end, though it has none: %s", async (...[, head, expected]) => {
    const sent = { bytes: 0 };
    const { error } = await refusedBy(testClock(), flood(head, sent));
    expect(error).toMatchObject(expected);
    expect(sent.bytes).toBeLessThan(32 << 20);
  });

  it("settles, though its encoding gives no byte for ever", async () => {
    const clock = testClock();
    const head = ["403 Forbidden", HTML, "Content-Encoding: gzip"];
    const { error, seconds } = await refusedBy(clock, trickle(clock, head, EMPTY_BLOCK, GZIP_HEAD));
    expect(error).toMatchObject({ code: "HTTP_STATUS", status: 403 });
    expect(seconds).toBeLessThanOrEqual(32);
  });

  it("is not read at all where it redirects", async () => {
    const clock = testClock();
    const sent = { bytes: 0 };
    const server = await rawServer(flood(["302 Found", "Location: /next"], sent), whole(Buffer.from("a,b")));
    expect(await (await download(server.url(), { ...transport, clock })).text()).toBe("a,b");
    expect(sent.bytes).toBeLessThan(32 << 20);
  });
});
