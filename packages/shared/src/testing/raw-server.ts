import { once } from "node:events";
import net, { type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** For the tests: a server that sends exactly the bytes it is told to, right or wrong. */
export interface RawServer {
  readonly origin: string;
  url(path?: string): string;
  readonly requests: RawRequest[];
  /** The connections that are still open. */
  readonly open: Set<Socket>;
}

/** For the tests: a request as it came. */
export interface RawRequest {
  /** As in `GET /path`. */
  line: string;
  path: string;
  headers: Record<string, string>;
  /** The range and its condition, for comparing: `bytes=5- "v1"`. */
  range: string;
}

/** For the tests: what the server does with one request. */
export type Answer = (socket: Socket, request: RawRequest, index: number) => unknown;

/** One answer a request; the last one serves all further requests. It ends with its test. */
export async function rawServer(...answers: Answer[]): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const open = new Set<Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    let text = "";
    socket.on("data", (data) => {
      text += data.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const request = parse(text.slice(0, end));
        text = text.slice(end + 4 + Number(request.headers["content-length"] ?? 0));
        const index = requests.push(request) - 1;
        const answer = answers[Math.min(index, answers.length - 1)];
        void answer?.(socket, request, index);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    origin,
    url: (path = "/file.csv") => origin + path,
    requests,
    open,
  };
}

function parse(text: string): RawRequest {
  const [first = "", ...lines] = text.split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return {
    line: `${method} ${path}`,
    path,
    headers,
    range: [headers["range"], headers["if-range"]].filter(Boolean).join(" "),
  };
}

/** How the server ends after an answer: not at all, by FIN, or by RST. */
export type Ending = "open" | "fin" | "rst";

/** Status and headers, as they are, and a body. */
export function answer(
  head: string | string[],
  body: Uint8Array | string = "",
  ending: Ending = "open",
): Answer {
  return (socket) => {
    const [status = "", ...headers] = [head].flat();
    socket.write(`HTTP/1.1 ${[status, ...headers].join("\r\n")}\r\n\r\n`);
    socket.write(typeof body === "string" ? Buffer.from(body, "latin1") : body, () => {
      if (ending === "fin") afterTurns(5, () => socket.end()); // fetch drops what nobody has read yet
      if (ending === "rst") resetLater(socket);
    });
  };
}

/** A 200 with a length; cut after `until` bytes. */
export function whole(
  body: Uint8Array,
  headers: string[] = [],
  until = body.length,
  ending: Ending = "fin",
): Answer {
  return answer(
    ["200 OK", `Content-Length: ${body.length}`, ...headers],
    body.subarray(0, until),
    until < body.length ? ending : "open",
  );
}

/** The right answer to a range: the rest of `body`. */
export function rest(body: Uint8Array, headers: string[] = []): Answer {
  return (socket, request, index) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers["range"] ?? "")?.[1] ?? Number.NaN);
    if (Number.isNaN(from)) return whole(body, headers)(socket, request, index);
    return part(body, from, body.length, headers)(socket, request, index);
  };
}

/** A 206 with the bytes from `from` up to, not including, `to`. */
export function part(body: Uint8Array, from: number, to: number, headers: string[] = []): Answer {
  const range = `Content-Range: bytes ${from}-${to - 1}/${body.length}`;
  return answer(
    ["206 Partial Content", range, `Content-Length: ${to - from}`, ...headers],
    body.subarray(from, to),
  );
}

/** A chunked 200 of these chunks; without `end` the last chunk never comes. */
export function chunked(
  chunks: Uint8Array[],
  { headers = [], end = true, ending = "open" }: { headers?: string[]; end?: boolean; ending?: Ending } = {},
): Answer {
  const body = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from("\r\n"),
  ]);
  return answer(
    ["200 OK", "Transfer-Encoding: chunked", ...headers],
    Buffer.concat([...body, Buffer.from(end ? "0\r\n\r\n" : "")]),
    ending,
  );
}

/** Resets a connection once its reader has read what was sent: a reset right behind the bytes would look to Node like their end. */
function resetLater(socket: Socket): void {
  setTimeout(() => afterTurns(5, () => socket.resetAndDestroy()), 20);
}

/** Calls back when the event loop has turned so often: a reader in this process has read what was there. */
function afterTurns(turns: number, then: () => void): void {
  setImmediate(() => (turns > 0 ? afterTurns(turns - 1, then) : then()));
}
