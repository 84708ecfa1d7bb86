import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { openServer } from "../server/open-server.js";
import { createEventStream, eventOf } from "./event-stream.js";

const decoder = new TextDecoder();

function open(stream: ReturnType<typeof createEventStream>, first: readonly string[] = []) {
  const browser = { destroyed: 0 };
  const response = stream.open(first, () => {
    browser.destroyed += 1;
  });
  if (!response?.body) throw new Error("there are too many browsers");
  return { browser, reader: response.body.getReader() };
}

test("a browser is sent what comes first, then each event", async () => {
  const stream = createEventStream();
  expect(stream.hasListeners).toBe(false);
  const { reader } = open(stream, [eventOf("hello", { a: "\n" })]);
  stream.send(eventOf("more", 1));
  expect(decoder.decode((await reader.read()).value)).toBe(
    'retry: 1000\n\nevent: hello\ndata: {"a":"\\n"}\n\n',
  );
  expect(decoder.decode((await reader.read()).value)).toBe("event: more\ndata: 1\n\n");
  expect(stream.hasListeners).toBe(true);
  await reader.cancel();
  expect(stream.hasListeners).toBe(false);
});

test("a browser that does not read loses its connection, and others do not", async () => {
  const stream = createEventStream();
  const slow = open(stream);
  const good = open(stream);
  const message = eventOf("more", "x".repeat(99_000));
  for (let count = 0; count < 20; count++) {
    stream.send(message);
    while (decoder.decode((await good.reader.read()).value) !== message);
  }
  expect([slow.browser.destroyed, good.browser.destroyed]).toEqual([1, 0]);
  const left: string[] = [];
  for (let read = await slow.reader.read(); !read.done; read = await slow.reader.read())
    left.push(decoder.decode(read.value));
  expect(left.filter((text) => text === message)).toHaveLength(10); // what was waiting
  expect(stream.hasListeners).toBe(true);
});

test("there are so many browsers at most, and room again when one has left", async () => {
  const stream = createEventStream();
  const readers = Array.from({ length: 32 }, () => open(stream).reader);
  expect(stream.open([], () => {})).toBeUndefined();
  await readers[0]?.cancel();
  expect(stream.open([], () => {})).toBeInstanceOf(Response);
});

test("a connection over HTTP that nobody reads is broken, however much the system holds for it", async () => {
  const stream = createEventStream();
  const server = await openServer(
    async (_, connection) =>
      stream.open([], () => connection.destroy()) ?? new Response(null, { status: 503 }),
    "127.0.0.1",
  );
  const { hostname, port } = new URL(server.origin);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {}); // it is reset
  socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await once(socket, "readable"); // and read no further
  const message = eventOf("more", "x".repeat(500_000));
  let sent = 0;
  for (; stream.hasListeners && sent < 200; sent++) {
    stream.send(message);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sent).toBeLessThan(200);
  socket.resume();
  await once(socket, "close");
  await server.close();
});
