import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { TestClock } from "./download-clock.js";
import { type Answer, answer, chunked, type Ending, type RawRequest } from "./raw-server.js";

/** For the tests: a file as it once was. */
interface Version {
  body: Buffer;
  headers: string[];
}

/** For the tests: what a chaotic server needs to know of its client. */
export interface ChaosClient {
  readonly clock: TestClock;
  /** True if it uses `fetch`, which hides how a body without a length ended: then no such body is cut in a way that only its framing tells. */
  readonly isBlind: boolean;
  /** True if it takes nothing but CSV. */
  readonly expectsType: boolean;
  /** The bytes of a version; without it any bytes. */
  bodyOf?(version: number, sizeBytes: number): Buffer;
  /** What is in the head of each good reply, but for a few that lost it on the way. */
  readonly head?: readonly string[];
}

/** For the tests: the server of a seed. */
export interface Chaos {
  readonly answer: Answer;
  readonly versions: Version[];
  /** The origin that some redirects lead to. */
  elsewhere: string;
  /** What it has answered, for the message of a test that fails. */
  readonly said: string[];
  /** The most bytes that a body without end could send. */
  readonly poured: number;
}

/** What the client's headers and address hold, and many replies repeat. */
export const HEADER_SECRET = "key-0123456789";
export const QUERY_SECRET = "sig-9876543210";

const HOUR_MS = 3_600_000;
/** More than a body without end may send before its reader has enough of it. */
const POUR_LIMIT = 256 << 20;
const BLOCK = Buffer.alloc(65_536, "busy ");

/** The same numbers for the same seed (mulberry32). */
function seeded(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (end: number) => Math.floor(next() * end),
    chance: (probability: number) => next() < probability,
    pick: <T>(...choices: T[]): T => choices[Math.floor(next() * choices.length)] as T,
  };
}

/**
 * For the tests: a server that cuts, stalls, resets, never ends, redirects anywhere, encodes unasked, lies about ranges, lengths, types and digests, changes its
 * file and forgets headers, but sends no byte as the file's that is of no version, and never claims that a part is the whole. The clock passes
 * while it stalls, and jumps while the client sleeps.
 */
export function chaos(
  seed: number,
  { clock, isBlind, expectsType, bodyOf, head: fixed = [] }: ChaosClient,
): Chaos {
  const { below, chance, pick } = seeded(seed);
  const tags = pick("strong", "strong", "weak", "date", "none");
  const isTyped = expectsType || chance(0.5);
  const size = pick(0, 1, 1000, 70_000, 200_000);
  const versions = Array.from({ length: pick(1, 1, 2, 3) }, (_, index): Version => {
    const bytes = chance(0.5) ? size : below(size + 1);
    const body = bodyOf?.(index, bytes) ?? Buffer.alloc(bytes);
    if (!bodyOf) for (let i = 0; i < bytes; i++) body[i] = (i * 13 + (i >> 7) + index * 101) & 255;
    const headers = {
      strong: [`ETag: "v${index}"`],
      weak: [`ETag: W/"v${index}"`],
      date: [`Last-Modified: Mon, 05 Jan 2026 0${index}:00:00 GMT`, "Date: Mon, 05 Jan 2026 12:00:00 GMT"],
      none: [],
    }[tags];
    return { body, headers };
  });
  let at = 0;
  let poured = 0;
  const said: string[] = [];

  /** Lets time pass while the connection is open. */
  const pass = (socket: Socket, ms: number, also: () => void = () => {}) => {
    const passing = setInterval(() => {
      also();
      clock.advance(ms);
    }, 3);
    socket.once("close", () => clearInterval(passing));
  };

  /** A body without end, slow or fast. */
  const endless = (socket: Socket, isChunked: boolean, stepMs: number) => {
    const frame = (data: Buffer) =>
      isChunked
        ? Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from("\r\n")])
        : data;
    if (chance(0.5)) return pass(socket, stepMs, () => socket.write(frame(BLOCK.subarray(0, 5))));
    let bytes = 0;
    const pour = () => {
      do {
        bytes += BLOCK.length;
        poured = Math.max(poured, bytes);
      } while (socket.write(frame(BLOCK)) && bytes < POUR_LIMIT);
    };
    socket.on("drain", pour);
    pour();
  };

  const cutEnding = () => pick<Ending | "stall">("fin", "rst", "stall");
  const stall = (socket: Socket) => pass(socket, chance(0.1) ? 2 * HOUR_MS : 31_000);

  /** Headers that ask to wait, most of them beyond all reason. */
  const hint = () =>
    pick<string[]>(
      [],
      [],
      ["Retry-After: 1"],
      ["Retry-After: 45"],
      ["Retry-After: 999999999"],
      ["Retry-After: -5"],
      ["Retry-After: soon"],
      ["Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"],
      ["Retry-After: Thu, 01 Jan 1970 00:00:00 GMT"],
      ["Retry-After-Ms: 1e99"],
    );

  /** Digests of the content and of the whole, right and wrong ones, and ones that nobody knows. */
  const digests = (content: Buffer, whole: Buffer | undefined): string[] => {
    if (!chance(0.25)) return [];
    const value = (data: Buffer) => {
      const name = pick("256", "512");
      const isRight = chance(0.7);
      const digest = createHash(`sha${name}`)
        .update(isRight ? data : "another")
        .digest("base64");
      return `${chance(0.2) ? "md5=:AAAA:, junk, " : ""}sha-${name}=:${digest}:`;
    };
    const ofWhole = whole ? [`Repr-Digest: ${value(whole)}`] : [];
    return pick([`Content-Digest: ${value(content)}`], ofWhole);
  };

  /** A refusal, which repeats what it was sent. Its body ends, stalls, or does not end. */
  const refuse = (socket: Socket, request: RawRequest, head: string[]) => {
    const secret = `${request.headers["authorization"] ?? ""} for ${request.path}`;
    const text = pick(
      "",
      `denied: ${secret}`,
      `<p>denied</p> ${secret}`,
      JSON.stringify({ message: secret }),
    );
    const how = pick("length", "length", "length", "chunked", "close", "stall", "endless");
    const type = `Content-Type: ${pick("text/html", "application/json", "text/plain")}`;
    if (how === "length") return send(socket, [...head, type, `Content-Length: ${text.length}`], text);
    if (how === "close") return send(socket, [...head, type], text, pick("fin", "rst"));
    if (how === "stall") {
      send(socket, [...head, type, `Content-Length: ${text.length + 1}`], text);
      return stall(socket);
    }
    send(socket, [...head, type, "Transfer-Encoding: chunked"]);
    if (how === "endless") return endless(socket, true, pick(1000, 29_000));
    return socket.write("0\r\n\r\n");
  };

  /** A redirect to somewhere, or to nowhere. */
  const redirect = (socket: Socket, request: RawRequest, index: number) => {
    const good = [
      `?again=${index}&sig=${QUERY_SECRET}`,
      "./file.csv",
      "/f%C3%BCr.csv",
      "/caf\xc3\xa9.csv",
      `${server.elsewhere}/file.csv?sig=${QUERY_SECRET}`,
      `//${server.elsewhere.slice(7)}/file.csv`,
    ];
    const odd = ["", "https://", "http://", "http://[", "data:text/csv,a", "ftp://127.0.0.1/f", "//"];
    const odder = [
      "javascript:alert(1)",
      "http://user:pw@127.0.0.1/",
      `${request.path}`,
      "https://127.0.0.1:1/",
    ];
    const location = chance(0.8) ? pick(...good) : pick(...odd, ...odder, undefined);
    const status = pick("301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent");
    refuse(socket, request, [status, ...(location === undefined ? [] : [`Location: ${location}`])]);
  };

  const page = (socket: Socket) => {
    const text = pick("<html>Please log in</html>", '{"error":"session expired"}', "Service busy");
    const type = `Content-Type: ${pick("text/html; charset=utf-8", "application/json", "text/plain")}`;
    return send(socket, ["200 OK", type, `Content-Length: ${text.length}`], text);
  };

  /** Content with a length, of which not all may come. */
  const sendContent = (socket: Socket, head: string[], data: Buffer) => {
    const until = chance(0.6) ? below(data.length + 1) : data.length;
    // A length that promises more than there is ends as a cut does.
    const length = chance(0.05) ? data.length + 1 + below(1000) : data.length;
    const ending = until < length ? cutEnding() : "open";
    send(socket, [...head, `Content-Length: ${length}`], data.subarray(0, until), ending);
  };

  /** Content that ends with its connection; where it is cut, by a reset. */
  const sendUntilClose = (socket: Socket, head: string[], data: Buffer) => {
    // What fetch has not read when the reset comes would be its end.
    const most = isBlind ? Math.min(data.length, 50_000) : data.length;
    const isCut = chance(0.6);
    const sent = isCut ? data.subarray(0, below(most + 1)) : data;
    send(socket, [...head, "Connection: close"], sent, isCut ? pick("rst", "stall") : "fin");
  };

  const sendChunked = (socket: Socket, head: string[], data: Buffer) => {
    const pieces = Array.from({ length: 4 }, (_, i) =>
      data.subarray((i * data.length) >> 2, ((i + 1) * data.length) >> 2),
    ).filter((piece) => piece.length);
    const end = chance(0.4);
    const isEndless = !end && chance(0.05);
    const sent = end || isEndless ? pieces : pieces.slice(0, below(5));
    const ending = end || isEndless ? "open" : isBlind ? pick("rst", "stall") : cutEnding();
    said.push(`${head.join("; ")}: ${sent.length} chunks, ${end ? "end" : ending}`);
    chunked(sent, { headers: head.slice(1), end, ending: ending === "stall" ? "open" : ending })(
      socket,
      undefined as never, // it reads nothing of the request
      0,
    );
    if (ending === "stall") stall(socket);
    if (isEndless) endless(socket, true, 29_000);
  };

  const send = (
    socket: Socket,
    head: string[],
    data: Buffer | string = "",
    ending: Ending | "stall" = "open",
  ) => {
    said.push(`${head.join("; ")}: ${data.length} bytes, ${ending}`);
    answer(head, data, ending === "stall" ? "open" : ending)(socket, undefined as never, 0);
    if (ending === "stall") stall(socket);
  };

  /** The whole in an encoding that nobody asked for, or under the name of one. */
  const sendEncoded = (socket: Socket, head: string[], body: Buffer) => {
    const encodings: [string, Buffer][] = [
      ["gzip", gzipSync(body)],
      ["x-gzip", gzipSync(body)],
      ["br", brotliCompressSync(body)],
      ["deflate", deflateSync(body)],
      ["foo", body],
      ["gzip", body],
      ["gzip, br", brotliCompressSync(gzipSync(body))],
    ];
    const [name, data] = pick(...encodings.filter(([, encoded]) => !isBlind || encoded !== body)); // fetch takes much for gzip
    const encoded = [...head, `Content-Encoding: ${name}`, ...digests(data, undefined)];
    if (chance(0.7) || isBlind || !data.length) return sendContent(socket, encoded, data);
    // Cut, though its framing is whole. Nothing at all would be an empty file.
    const cut = data.subarray(0, 1 + below(data.length));
    return send(socket, [...encoded, `Content-Length: ${cut.length}`], cut);
  };

  const sendPart = (socket: Socket, body: Buffer, asked: number, headers: string[]) => {
    const from = chance(0.25) ? below(body.length) : asked;
    const to = chance(0.2) ? from + 1 + below(body.length - from) : body.length;
    const total = chance(0.05) ? "*" : String(body.length + (chance(0.05) ? 1 + below(1000) : 0));
    const status = chance(0.85) ? "206 Partial Content" : pick("200 OK", "203 Other", "226 IM Used");
    const unreadable = ["items 0-4/9", `bytes ${from}-`, `bytes ${to}-${from - 1}/${total}`, "bytes */*", ""];
    const range = chance(0.92) ? `bytes ${from}-${to - 1}/${total}` : pick(...unreadable);
    const data = body.subarray(from, to);
    const head = [status, `Content-Range: ${range}`, ...headers, ...digests(data, body)];
    if (chance(0.03)) {
      const type = "Content-Type: multipart/byteranges; boundary=x";
      return sendContent(
        socket,
        ["206 Partial Content", type],
        Buffer.concat([Buffer.from("--x\r\n\r\n"), data]),
      );
    }
    return chance(0.15) ? sendUntilClose(socket, head, data) : sendContent(socket, head, data);
  };

  const answerChaos: Answer = (socket, request, index) => {
    if (chance(0.2)) at = Math.min(at + 1, versions.length - 1);
    if (chance(0.02)) clock.advance(below(3 * HOUR_MS)); // the client slept while its request was on its way
    const { body, headers: truth } = versions[at] as Version; // at stays below the length
    const type = isTyped ? ["Content-Type: text/csv"] : [];
    const named = fixed.length && chance(0.98) ? fixed : [];
    const headers = [...(chance(0.1) ? [] : truth), ...type, ...named];

    if (chance(0.09))
      return refuse(socket, request, [pick("503 Busy", "429 Slow", "500 Oops", "504 Late"), ...hint()]);
    if (chance(0.015))
      return refuse(socket, request, [pick("403 No", "404 No", "401 No", "299 Odd"), ...hint()]);
    if (chance(0.07)) return redirect(socket, request, index);
    if (chance(0.05)) return chance(0.5) ? socket.destroy() : socket.resetAndDestroy();
    const [, range] = /^bytes=(\d+)-/.exec(request.headers["range"] ?? "") ?? [];
    // Without a type that was seen or is expected, nobody can tell a page from a file.
    if ((range !== undefined || expectsType) && chance(0.03)) return page(socket);
    const condition = request.headers["if-range"];
    const holds =
      condition === undefined || truth.some((header) => header.endsWith(`: ${condition}`)) || chance(0.3);
    if (range !== undefined && holds && chance(0.9)) {
      if (chance(0.05)) return send(socket, ["412 Precondition Failed", "Content-Length: 0"]);
      if (Number(range) >= body.length || chance(0.05))
        return send(socket, [
          "416 Range",
          `Content-Range: bytes */${body.length}`,
          ...headers,
          "Content-Length: 0",
        ]);
      return sendPart(socket, body, Number(range), headers);
    }
    if (body.length && chance(0.03)) return sendPart(socket, body, 0, headers);
    if (chance(0.1)) return sendEncoded(socket, ["200 OK", ...headers], body);
    const whole = ["200 OK", ...headers, ...digests(body, body)];
    if (chance(0.3)) return sendChunked(socket, whole, body);
    if (chance(0.15)) return sendUntilClose(socket, whole, body);
    return sendContent(socket, [...whole, ...(chance(0.1) ? ["Accept-Ranges: none"] : [])], body);
  };

  const server = {
    answer: answerChaos,
    versions,
    said,
    elsewhere: "",
    get poured() {
      return poured;
    },
  };
  return server;
}
