import { describe, expect, it } from "vitest";
import type { DownloadEvent, DownloadProgress } from "../file/options.js";
import type { FileHandleLike } from "../file/result.js";
import { checkTarget } from "../job/check-target.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { soon } from "../testing/poll.js";
import { chunked, rawServer, rest, whole } from "../testing/raw-server.js";
import { download, downloadTo } from "./download.js";

const S = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
const TAG = ['ETag: "v1"'];

/** A stream that remembers what it gets. */
function sink(fail?: (chunk: Uint8Array) => unknown) {
  const log: string[] = [];
  const chunks: Uint8Array[] = [];
  const stream = new WritableStream<Uint8Array>({
    async write(chunk) {
      await fail?.(chunk);
      chunks.push(chunk);
    },
    close: () => void log.push("close"),
    abort: (reason) => void log.push(`abort ${(reason as { code?: string }).code ?? reason}`),
  });
  return { stream, log, bytes: () => Buffer.concat(chunks) };
}

describe("streams", () => {
  it("103. gives a stream each byte once, also over a cut", async () => {
    const { stream, log, bytes } = sink();
    const server = await rawServer(whole(S, TAG, 40_000), rest(S, TAG));
    const saved = await downloadTo(server.url(), stream, { clock: testClock() });
    expect(saved).toMatchObject({ resumed: 1, integrity: "length", sizeBytes: S.length, path: undefined });
    expect(bytes().equals(S)).toBe(true);
    expect(log).toEqual(["close"]);
  });

  it("103. skips what a stream has, where the same file comes again from its beginning", async () => {
    const { stream, bytes } = sink();
    const server = await rawServer(whole(S, TAG, 40_000), whole(S, TAG, 70_000), rest(S, TAG));
    expect(await downloadTo(server.url(), stream, { clock: testClock() })).toMatchObject({ restarted: 0 });
    expect(bytes().equals(S)).toBe(true);
  });

  it.each([
    ["nothing tells the version", [whole(S, [], 40_000), whole(S)], 1],
    ["the file changed", [whole(S, TAG, 40_000), whole(S, ['ETag: "v2"'])], 2],
  ] as const)("103. does not begin anew in a stream when %s", async (_what, answers, requests) => {
    const { stream, log } = sink();
    const server = await rawServer(...answers);
    await expect(downloadTo(server.url(), stream, { clock: testClock() })).rejects.toMatchObject({
      code: "CANNOT_RESTART",
    });
    expect(server.requests).toHaveLength(requests);
    await soon(() => log).toEqual(["abort CANNOT_RESTART"]);
  });

  it("103. begins anew in a stream that has no byte yet", async () => {
    const { stream, bytes } = sink();
    const server = await rawServer(whole(S, [], 0), whole(S));
    await downloadTo(server.url(), stream, { clock: testClock() });
    expect(bytes().equals(S)).toBe(true);
  });

  it("103. ends the request with the error of the stream", async () => {
    const full = new Error("bucket is full");
    const { stream } = sink(() => Promise.reject(full));
    const server = await rawServer(chunked([S], { end: false }));
    await expect(downloadTo(server.url(), stream)).rejects.toBe(full);
    await soon(() => server.open.size).toBe(0);
  });

  it("103. a stream that hangs does not hold an abort back", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const { stream } = sink(() => new Promise(() => {}));
    const server = await rawServer(chunked([S, S], { end: false }));
    const result = downloadTo(server.url(), stream, { signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    await soon(() => server.requests.length).toBe(1);
    setTimeout(() => controller.abort(reason), 20);
    expect(await result).toBe(reason);
    await soon(() => server.open.size).toBe(0);
  });

  it("103. leaves a stream alone when the reply is refused", async () => {
    const { stream, log } = sink();
    const server = await rawServer((socket) =>
      socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    );
    await expect(downloadTo(server.url(), stream)).rejects.toMatchObject({ status: 404 });
    expect(log).toEqual([]);
    expect(stream.locked).toBe(false);
  });

  it("103. the body of a download heals itself", async () => {
    const server = await rawServer(whole(S, TAG, 40_000), rest(S, TAG));
    const { body } = await download(server.url(), { clock: testClock() });
    expect(Buffer.from(await new Response(body).arrayBuffer()).equals(S)).toBe(true);
  });

  it("103. writes to a browser's file, begins anew in it, and gives it its content at the end", async () => {
    const log: string[] = [];
    let content = Buffer.alloc(0);
    const handle: FileHandleLike = {
      createWritable: async () => ({
        write: async (data) => {
          content = Buffer.concat([content, Buffer.from(data)]);
        },
        seek: async (position) => void log.push(`seek ${position}`),
        truncate: async (size) => {
          content = content.subarray(0, size);
          log.push(`truncate ${size}`);
        },
        close: async () => void log.push("close"),
        abort: async () => void log.push("abort"),
      }),
    };
    const server = await rawServer(whole(S, [], 40_000), whole(S));
    expect(await downloadTo(server.url(), handle, { clock: testClock() })).toMatchObject({ restarted: 1 });
    expect(content.equals(S)).toBe(true);
    expect(log).toEqual(["seek 0", "truncate 0", "close"]);
    const broken = await rawServer(whole(S, [], 40_000));
    await expect(downloadTo(broken.url(), handle, { clock: testClock() })).rejects.toMatchObject({
      code: "INCOMPLETE",
    });
    expect(log.at(-1)).toBe("abort");
  });

  it("refuses a target that is none, before anything is asked for", async () => {
    const server = await rawServer(whole(S));
    const { stream } = sink();
    stream.getWriter();
    for (const target of [stream, {}] as WritableStream[]) {
      await expect(checkTarget(target)).rejects.toBeInstanceOf(TypeError);
      await expect(downloadTo(server.url(), target)).rejects.toBeInstanceOf(TypeError);
    }
    expect(server.requests).toEqual([]);
  });
});

describe("memory", () => {
  it("gives text, JSON, bytes and a blob, over a restart as well", async () => {
    const json = Buffer.from('{"name":"ä"}');
    const server = await rawServer(
      whole(json, ["Content-Type: application/json"], 5),
      whole(json, ["Content-Type: application/json"]),
    );
    const options = { clock: testClock() };
    expect(await (await download(server.url(), options)).json()).toEqual({ name: "ä" });
    expect(await (await download(server.url(), options)).text()).toBe('{"name":"ä"}');
    expect(Buffer.from(await (await download(server.url(), options)).bytes()).equals(json)).toBe(true);
    const blob = await (await download(server.url(), options)).blob();
    expect([blob.size, blob.type]).toEqual([json.length, "application/json"]);
  });

  it("gives its bytes once", async () => {
    const server = await rawServer(whole(S));
    const file = await download(server.url());
    expect(file).toMatchObject({ filename: "file.csv", sizeBytes: S.length });
    await file.bytes();
    await expect(file.text()).rejects.toBeInstanceOf(TypeError);
    expect(() => file.body).toThrow(TypeError);
  });
});

describe("progress", () => {
  it("104. goes on when a listener throws, and tells it once", async () => {
    const events: DownloadEvent[] = [];
    const error = new Error("listener");
    const server = await rawServer(whole(S));
    const file = await download(server.url(), {
      progressIntervalMs: 0,
      onProgress: () => {
        throw error;
      },
      onEvent(event) {
        events.push(event);
        throw error;
      },
    });
    expect(await file.bytes()).toHaveLength(S.length);
    expect(events).toEqual([{ type: "callbackFailed", error }]);
  });

  it("105. tells the first and the last event, at most one an interval, and never less bytes but after a restart", async () => {
    const clock = testClock();
    const told: (DownloadProgress | "restarted")[] = [];
    const folder = await testFolder();
    const server = await rawServer(whole(S, TAG, 40_000), whole(S));
    await downloadTo(server.url(), folder.file("f"), {
      clock,
      onProgress(event) {
        told.push(event);
        clock.advance(100);
      },
      onEvent: (event) => event.type === "restarted" && told.push("restarted"),
    });
    const events = told.filter((event) => event !== "restarted");
    expect(events[0]).toMatchObject({ bytes: 0, totalBytes: 100_000, phase: "downloading", done: false });
    expect(events.filter(({ done }) => done)).toEqual([events.at(-1)]);
    expect(events.at(-1)).toMatchObject({ bytes: 100_000, totalBytes: 100_000, phase: "done" });
    for (const [index, event] of told.entries()) {
      const before = told[index - 1];
      if (event !== "restarted" && before && before !== "restarted")
        expect(event.bytes).toBeGreaterThanOrEqual(before.bytes);
    }
  });

  it("105. tells how fast it is and how long it takes", async () => {
    const clock = testClock();
    const told: DownloadProgress[] = [];
    const server = await rawServer(async (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n");
      for (let i = 0; i < 4; i++) {
        await soon(() => told.at(-1)?.bytes).toBe(i * 1000);
        clock.advance(1000);
        socket.write(Buffer.alloc(1000));
      }
    });
    await (await download(server.url(), { clock, onProgress: (event) => told.push(event) })).bytes();
    expect(told.map(({ bytesPerSecond, etaMs }) => [bytesPerSecond, etaMs])).toEqual([
      [undefined, undefined],
      [1000, 3000],
      [1000, 2000],
      [1000, 1000],
      [1000, 0],
      [1000, 0],
    ]);
  });
});
