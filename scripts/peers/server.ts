import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A reply as bytes, and what becomes of the connection behind it. */
export interface Reply {
  readonly head: readonly string[];
  readonly body: Buffer;
  /** `keep` waits for the next request, `hold` sends no more of this reply, `close` and `reset` end the connection. */
  readonly after: "keep" | "close" | "reset" | "hold";
}

/** What an answer can be made of, and what it may depend on. */
export interface Choices {
  /** The number of this request among those of one program, from 1 on. */
  readonly times: number;
  /** The number of the link that is asked for, from 1 on. */
  readonly link: number;
  /** The part that is asked for, or the whole file. */
  readonly file: Reply;
  readonly whole: Reply;
  /** The same of the file that takes its place. */
  readonly changed: Reply;
  /** A part of the file, and the end of the connection. */
  readonly closed: Reply;
  /** A part of the file, and a reset. */
  readonly reset: Reply;
  /** A part of the file, and nothing more. */
  readonly hang: Reply;
  /** A part of the file in chunks, and the end of the connection. */
  readonly halfOfChunks: Reply;
  /** The same of a server that said that it would close the connection. */
  readonly halfOfLastChunks: Reply;
  readonly busy: Reply;
  readonly expired: Reply;
  readonly page: Reply;
  readonly elsewhere: Reply;
  withoutRanges(reply: Reply): Reply;
}

export type Answer = (choices: Choices) => Reply;

/** The file that is fetched, and the one of the same size that takes its place. */
export const content = { v1: rows("a"), v2: rows("b") };
const CUT_AT = Math.floor(content.v1.length * 0.4);

export interface FileServer {
  /** Sends one program's requests through an answer. */
  route(name: string, answer: Answer): Route;
  close(): Promise<void>;
}

/** What one program asks for. */
export interface Route {
  /** A link to the file; every one is new. */
  link(): string;
  /** Resolves when all that a reply holds back for has been sent. */
  readonly held: Promise<unknown>;
  /** The headers that came to the other host, a line each. */
  readonly sentElsewhere: readonly string[];
}

/** Two servers on loopback that send bytes as they are; redirects lead from `127.0.0.1` to `localhost`, which is another host. */
export async function startServer(): Promise<FileServer> {
  const routes = new Map<string, Answer>();
  const counts = new Map<string, number>();
  const elsewhere = new Map<string, string[]>();
  const onHeld = new Map<string, () => void>();
  const other = await listen((target, lines, socket) => {
    elsewhere.get(nameOf(target))?.push(...lines);
    send(socket, partOf(content.v1, "v1", lines));
  });
  const own = await listen((target, lines, socket) => {
    const name = nameOf(target);
    const times = (counts.get(name) ?? 0) + 1;
    counts.set(name, times);
    const link = Number(/[?]link=(\d+)/.exec(target)?.[1]);
    const location = `http://localhost:${other.port}${target}`;
    const reply = routes.get(name)?.(choices({ times, link, lines, location }));
    if (!reply) return void socket.destroy();
    send(socket, reply);
    if (reply.after === "hold") onHeld.get(name)?.();
  });
  return {
    route(name, answer) {
      routes.set(name, answer);
      const sentElsewhere: string[] = [];
      elsewhere.set(name, sentElsewhere);
      let links = 0;
      return {
        link: () => `http://127.0.0.1:${own.port}/${name}/report.csv?link=${++links}`,
        held: new Promise<void>((resolve) => onHeld.set(name, resolve)),
        sentElsewhere,
      };
    },
    close: async () => void (await Promise.all([own.close(), other.close()])),
  };
}

function choices(request: {
  times: number;
  link: number;
  lines: readonly string[];
  location: string;
}): Choices {
  const { times, link, lines, location } = request;
  const whole = partOf(content.v1, "v1", []);
  const half = content.v1.subarray(0, CUT_AT);
  return {
    times,
    link,
    whole,
    file: partOf(content.v1, "v1", lines),
    changed: partOf(content.v2, "v2", lines),
    closed: { ...whole, body: half, after: "close" },
    reset: { ...whole, body: half, after: "reset" },
    hang: { ...whole, body: half, after: "hold" },
    halfOfChunks: chunks(half),
    halfOfLastChunks: chunks(half, "Connection: close"),
    busy: text("429 Too Many Requests", "text/plain", "slow down", "Retry-After: 1"),
    expired: text("403 Forbidden", "application/xml", "<Error><Code>AccessDenied</Code></Error>"),
    page: text("200 OK", "text/html", "<!doctype html><title>Sign in</title>"),
    elsewhere: text("302 Found", "text/plain", "", `Location: ${location}`),
    withoutRanges: (reply) => ({
      ...reply,
      head: reply.head.filter((line) => !/^(ETag|Accept-Ranges)/.test(line)),
    }),
  };
}

function chunks(body: Buffer, ...more: string[]): Reply {
  const framed = [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n")];
  const head = ["200 OK", "Content-Type: text/csv", "Transfer-Encoding: chunked", ...more];
  return { head, body: Buffer.concat(framed), after: "close" };
}

/** What RFC 9110 has a server send of a file, with its conditions heeded. */
function partOf(file: Buffer, version: string, lines: readonly string[]): Reply {
  const tag = `"${version}"`;
  const header = (name: string) =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const type = ["Content-Type: text/csv", `ETag: ${tag}`, "Accept-Ranges: bytes"];
  const [, from, to] = /^bytes=(\d+)-(\d*)/.exec(header("range") ?? "") ?? [];
  const isOther = (header("if-match") ?? tag) !== tag;
  if (isOther) return text("412 Precondition Failed", "text/plain", "");
  if (from === undefined || (header("if-range") ?? tag) !== tag)
    return { head: ["200 OK", ...type, `Content-Length: ${file.length}`], body: file, after: "keep" };
  if (Number(from) >= file.length)
    return text("416 Range Not Satisfiable", "text/plain", "", `Content-Range: bytes */${file.length}`);
  const end = to ? Math.min(Number(to) + 1, file.length) : file.length;
  const body = file.subarray(Number(from), end);
  const range = `Content-Range: bytes ${from}-${end - 1}/${file.length}`;
  return {
    head: ["206 Partial Content", ...type, range, `Content-Length: ${body.length}`],
    body,
    after: "keep",
  };
}

function text(status: string, type: string, body: string, ...more: string[]): Reply {
  const head = [status, `Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`, ...more];
  return { head, body: Buffer.from(body), after: "keep" };
}

function rows(letter: string): Buffer {
  return Buffer.from(
    Array.from({ length: 16_000 }, (_, row) => `${String(row).padStart(6, "0")},${letter.repeat(17)}\n`).join(
      "",
    ),
  );
}

/** Long enough for a client to read what has been sent, which a reset would take from it. */
const READING_MS = 100;

function send(socket: Socket, { head: [status, ...lines], body, after }: Reply): void {
  socket.write(`HTTP/1.1 ${[status, ...lines].join("\r\n")}\r\n\r\n`);
  if (after === "close") socket.end(body);
  else socket.write(body);
  if (after === "reset") setTimeout(() => socket.resetAndDestroy(), READING_MS);
}

function nameOf(target: string): string {
  return target.split("/").slice(1, -1).join("/");
}

/** A server that hands on the target and the header lines of every request. */
async function listen(onRequest: (target: string, lines: readonly string[], socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let seen = "";
    socket.on("error", () => {}); // a client may leave at any time
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      seen += chunk.toString("latin1");
      const end = seen.indexOf("\r\n\r\n");
      if (end < 0) return;
      const [first = "", ...lines] = seen.slice(0, end).split("\r\n");
      seen = seen.slice(end + 4);
      onRequest(first.split(" ")[1] ?? "", lines, socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
