// Two loopback servers, a vendor's and a store's, that send what they should and what they should not; bytes as they are, as Node's own server cannot.
import { once } from "node:events";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { CONTENT } from "./content.mjs";

const HALF = CONTENT.length / 2;
const GZIP = gzipSync(CONTENT);
/** What lets a page of another origin read all there is. */
const CORS = [
  "Access-Control-Allow-Origin: *",
  "Access-Control-Allow-Methods: GET, POST, DELETE",
  "Access-Control-Allow-Headers: *, Authorization",
  "Access-Control-Expose-Headers: *",
];

/** @returns the two origins, and what ends the servers */
export async function startServers() {
  const log = [];
  const seen = new Map();
  const store = await listen(log, (request) => (request.case === "stored" ? plain() : gone()));
  const vendor = await listen(log, (request) => {
    if (request.case === "log") return json(log.filter(({ run }) => run === request.run));
    const times = (seen.get(request.path) ?? 0) + 1;
    seen.set(request.path, times);
    return (answers[request.case] ?? gone)(request, times, store.origin);
  });
  const close = () => Promise.all([store.close(), vendor.close()]);
  return { origin: vendor.origin, storeOrigin: store.origin, close };
}

const TAG = 'ETag: "v1"';
const answers = {
  plain: () => plain(),
  chunked: () => chunks(CONTENT, { last: true }),
  closed: () => ({ head: ["200 OK"], body: CONTENT, fin: true }),
  cut(request, times) {
    if (times === 1) return { ...plain(TAG), body: CONTENT.subarray(0, HALF), fin: true };
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1]);
    return Number.isNaN(from) ? plain(TAG) : rest(from);
  },
  "cut-chunked": (_request, times) =>
    chunks(times === 1 ? CONTENT.subarray(0, HALF) : CONTENT, { last: times > 1, close: true }),
  gzip: () => gzip(GZIP),
  "cut-gzip": () => gzip(GZIP.subarray(0, GZIP.length / 2)),
  redirect: (request, _times, store) => ({
    head: ["302 Found", `Location: ${store}/${request.run}/stored`, "Content-Length: 0"],
  }),
  short: () => ({ head: ["200 OK", `Content-Length: ${CONTENT.length + 1}`], body: CONTENT, fin: true }),
  stall: () => ({ ...plain(), body: CONTENT.subarray(0, HALF) }),
};

function plain(...headers) {
  return {
    head: ["200 OK", "Content-Type: text/csv", `Content-Length: ${CONTENT.length}`, ...headers],
    body: CONTENT,
  };
}

function rest(from) {
  const { length } = CONTENT;
  const head = ["206 Partial Content", `Content-Range: bytes ${from}-${length - 1}/${length}`];
  return { head: [...head, `Content-Length: ${length - from}`, TAG], body: CONTENT.subarray(from) };
}

function gzip(body) {
  return { head: ["200 OK", "Content-Encoding: gzip", `Content-Length: ${body.length}`], body };
}

function chunks(bytes, { last, close }) {
  const head = [
    "200 OK",
    "Transfer-Encoding: chunked",
    close ? "Connection: close" : "Connection: keep-alive",
  ];
  const body = Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from(last ? "\r\n0\r\n\r\n" : "\r\n"),
  ]);
  return { head, body, ...(close && { fin: true }) };
}

function json(value) {
  const body = Buffer.from(JSON.stringify(value));
  return { head: ["200 OK", "Content-Type: application/json", `Content-Length: ${body.length}`], body };
}

function gone() {
  return { head: ["404 Not Found", "Content-Length: 0"] };
}

async function listen(log, answer) {
  const open = new Set();
  const server = createServer((socket) => {
    open.add(socket);
    const entries = [];
    socket.on("close", () => {
      open.delete(socket);
      for (const entry of entries) entry.closed = true;
    });
    socket.on("error", () => {});
    let text = "";
    socket.on("data", (data) => {
      text += data.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const request = parse(text.slice(0, end));
        text = text.slice(end + 4);
        if (request.method === "OPTIONS") {
          send(socket, { head: ["204 No Content"] });
          continue;
        }
        if (request.case !== "log") entries.push(request);
        if (request.case !== "log") log.push(request);
        send(socket, answer(request));
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function send(socket, { head: [status, ...headers], body = Buffer.alloc(0), fin }) {
  socket.write(`HTTP/1.1 ${[status, ...headers, "Cache-Control: no-store", ...CORS].join("\r\n")}\r\n\r\n`);
  socket.write(body);
  // A browser throws away what it has not handed on when the connection ends.
  if (fin) setTimeout(() => socket.end(), 100);
}

function parse(text) {
  const [first, ...lines] = text.split("\r\n");
  const [method, target] = first.split(" ");
  const path = target.replace(/^http:\/\/[^/]*/, ""); // as a proxy is asked
  const [, run, name] = path.split(/[/?]/);
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { method, path, run, case: name, headers, closed: false };
}
