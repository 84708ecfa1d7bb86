import { getEventListeners } from "node:events";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { soon } from "../testing/poll.js";
import { answer, chunked, rawServer, rest, whole } from "../testing/raw-server.js";
import { download, downloadTo } from "./download.js";

const S = Buffer.from("0123456789");

describe("time, cancel, limits", () => {
  it("50. gives up on a server that does not answer", async () => {
    const clock = testClock();
    const folder = await testFolder();
    const server = await rawServer(() => {});
    const result = downloadTo(server.url(), folder.file("f"), { clock }).catch((error: unknown) => error);
    await soon(() => server.requests.length).toBe(1);
    clock.advance(59_999);
    expect(server.open.size).toBe(1);
    clock.advance(1);
    expect(await result).toMatchObject({ code: "TIMEOUT", phase: "headers" });
    await soon(() => server.open.size).toBe(0);
    expect(await folder.names()).toEqual([]);
    expect(clock.armed).toBe(0);
  });

  it("50. tries again when a server that answered before does not answer", async () => {
    const clock = testClock();
    const server = await rawServer(whole(S, ['ETag: "v1"'], 5), () => {}, rest(S, ['ETag: "v1"']));
    const folder = await testFolder();
    const result = downloadTo(server.url(), folder.file("f"), { clock });
    await soon(() => server.requests.length).toBe(2);
    clock.advance(60_000);
    expect(await result).toMatchObject({ attempts: 3, sizeBytes: 10 });
  });

  it("51. ends an attempt without bytes and goes on from where it stood", async () => {
    const clock = testClock();
    const server = await rawServer(whole(S, ['ETag: "v1"'], 5, "open"), rest(S, ['ETag: "v1"']));
    const folder = await testFolder();
    const result = downloadTo(server.url(), folder.file("f"), { clock });
    await soon(async () => (await folder.names()).length).toBe(1);
    await soon(() => clock.armed).toBe(1);
    clock.advance(30_000);
    expect(await result).toMatchObject({ resumed: 1, sizeBytes: 10 });
    expect(server.requests.map(({ range }) => range)).toEqual(["", 'bytes=5- "v1"']);
    expect(await folder.read("f")).toEqual(S);
  });

  it("51. a slow reader is no stall", async () => {
    const clock = testClock();
    const server = await rawServer(whole(S));
    const { body } = await download(server.url(), { clock });
    const reader = body.getReader();
    clock.advance(300_000);
    expect((await reader.read()).value).toEqual(S);
    clock.advance(300_000);
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    expect(server.requests).toHaveLength(1);
  });

  it("54. the time for the whole ends a pause at once", async () => {
    const clock = testClock(0);
    const server = await rawServer(answer(["503 Busy", "Content-Length: 0"]));
    const folder = await testFolder();
    const types: string[] = [];
    const result = downloadTo(server.url(), folder.file("f"), {
      clock,
      random: () => 0,
      timeouts: { totalMs: 400 },
      onEvent: ({ type }) => types.push(type),
    }).catch((error: unknown) => error);
    await soon(() => types).toEqual(["retry"]);
    await soon(() => clock.armed).toBe(2); // the pause, the whole
    clock.advance(400);
    expect(await result).toMatchObject({ code: "TIMEOUT", phase: "total" });
    expect(server.requests).toHaveLength(1);
    expect(clock.armed).toBe(0);
  });

  it("54. a time of months is no timer that fires at once", async () => {
    const server = await rawServer(whole(S));
    expect(await (await download(server.url(), { timeouts: { totalMs: 10 * 2 ** 31 } })).text()).toBe(
      "0123456789",
    );
  });

  it("55. asks for nothing when it is aborted before", async () => {
    const reason = { why: "no longer needed" };
    const server = await rawServer(whole(S));
    const folder = await testFolder();
    await expect(
      downloadTo(server.url(), folder.file("f"), { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    await expect(download(server.url(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
    expect(await folder.names()).toEqual([]);
  });

  it.each(["waiting for the head", "in the body", "in a pause", "before the name"])(
    "56. ends at once when it is aborted %s",
    async (when) => {
      const reason = new Error("enough");
      const controller = new AbortController();
      const clock = testClock(0);
      const folder = await testFolder();
      const server = await rawServer(
        when === "waiting for the head"
          ? () => {}
          : when === "in the body"
            ? whole(S, [], 5, "open")
            : when === "in a pause"
              ? answer(["503 Busy", "Content-Length: 0"])
              : whole(S),
      );
      // The last byte is there, the name is not yet given.
      const onProgress =
        when === "before the name"
          ? ({ bytes }: { bytes: number }) => bytes === 10 && controller.abort(reason)
          : undefined;
      const result = downloadTo(server.url(), folder.file("f"), {
        signal: controller.signal,
        clock,
        onProgress,
        progressIntervalMs: 0,
      }).catch((error: unknown) => error);
      await soon(() => server.requests.length).toBe(1);
      if (when === "in the body") await soon(async () => (await folder.names()).length).toBe(1);
      if (when === "in a pause") await soon(() => clock.armed).toBe(1);
      controller.abort(reason);
      expect(await result).toBe(reason);
      expect(await folder.names()).toEqual([]);
      if (/head|body/.test(when)) await soon(() => server.open.size).toBe(0);
      expect(clock.armed).toBe(0);
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    },
  );

  it("56. ends a stream whose reader waits, with the same reason", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const server = await rawServer(whole(S, [], 5, "open"));
    const { body } = await download(server.url(), { signal: controller.signal });
    const reader = body.getReader();
    await reader.read();
    const next = reader.read();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await soon(() => server.open.size).toBe(0);
  });

  it("56. ends the request when a stream is cancelled", async () => {
    const server = await rawServer(whole(S, [], 5, "open"));
    const { body } = await download(server.url());
    await body.cancel();
    await soon(() => server.open.size).toBe(0);
    const waiting = (await download(server.url())).body.getReader();
    await waiting.read();
    const next = waiting.read();
    await waiting.cancel();
    expect(await next).toEqual({ done: true, value: undefined });
    await soon(() => server.open.size).toBe(0);
  });

  it("57. ends with what is too large, before or in the middle", async () => {
    const folder = await testFolder();
    const announced = await rawServer(whole(Buffer.alloc(2000)));
    await expect(downloadTo(announced.url(), folder.file("f"), { maxBytes: 1000 })).rejects.toMatchObject({
      code: "TOO_LARGE",
      bytes: 0,
    });
    const unannounced = await rawServer(chunked(Array.from({ length: 20 }, () => Buffer.alloc(100))));
    await expect(downloadTo(unannounced.url(), folder.file("f"), { maxBytes: 1000 })).rejects.toMatchObject({
      code: "TOO_LARGE",
    });
    const member = gzipSync(Buffer.alloc(2 ** 24));
    const bomb = Buffer.concat(Array.from({ length: 64 }, () => member)); // 1 MiB of 1 GiB of zeros
    const encoded = await rawServer(whole(bomb, ["Content-Encoding: gzip"]));
    const before = process.memoryUsage().rss;
    await expect(
      downloadTo(encoded.url(), folder.file("f"), { maxBytes: 10 * 2 ** 20 }),
    ).rejects.toMatchObject({ code: "TOO_LARGE" });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
    expect(await folder.names()).toEqual([]);
  });
});
