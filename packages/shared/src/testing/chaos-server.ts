import { gzipSync } from "node:zlib";
import type { TestClock } from "./download-clock.js";
import { type Answer, answer, chunked } from "./raw-server.js";

/** For the tests: a file as it once was. */
interface Version {
  body: Buffer;
  headers: string[];
}

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
 * For the tests: a server that cuts, stalls, lies about ranges and lengths, changes its file and forgets headers, but sends no byte that is
 * of no version, and never claims that a part is the whole. The clock passes while it stalls.
 */
export function chaos(seed: number, clock: TestClock): { answer: Answer; versions: Version[] } {
  const { below, chance, pick } = seeded(seed);
  const tags = pick("strong", "strong", "weak", "date", "none");
  const size = pick(0, 1, 1000, 70_000, 200_000);
  const versions = Array.from({ length: pick(1, 1, 2, 3) }, (_, index): Version => {
    const body = Buffer.alloc(chance(0.5) ? size : below(size + 1));
    for (let i = 0; i < body.length; i++) body[i] = (i * 13 + (i >> 7) + index * 101) & 255;
    const headers = {
      strong: [`ETag: "v${index}"`],
      weak: [`ETag: W/"v${index}"`],
      date: [`Last-Modified: Mon, 05 Jan 2026 0${index}:00:00 GMT`, "Date: Mon, 05 Jan 2026 12:00:00 GMT"],
      none: [],
    }[tags];
    return { body, headers };
  });
  let at = 0;

  const answerChaos: Answer = (socket, request, index) => {
    if (chance(0.2)) at = Math.min(at + 1, versions.length - 1);
    const { body, headers: truth } = versions[at] as Version; // at stays below the length
    const headers = chance(0.1) ? [] : truth;
    const ending = pick("fin", "rst", "stall");
    const say = (give: (ending: "open" | "fin" | "rst") => Answer, cut: boolean) => {
      give(cut && ending !== "stall" ? ending : "open")(socket, request, index);
      if (!cut || ending !== "stall") return;
      const passing = setInterval(() => clock.advance(31_000), 10);
      socket.once("close", () => clearInterval(passing));
    };
    const send = (head: string[], data: Buffer) => {
      const until = chance(0.6) ? below(data.length + 1) : data.length;
      // A length that promises more than there is ends as a cut does.
      const length = chance(0.05) ? data.length + 1 + below(1000) : data.length;
      const cut = until < length;
      say((end) => answer([...head, `Content-Length: ${length}`], data.subarray(0, until), end), cut);
    };
    const refuse = (...head: string[]) => say(() => answer([...head, "Content-Length: 0"]), false);

    if (chance(0.1)) return refuse(pick("503 Busy", "429 Slow", "500 Oops"));
    if (chance(0.05)) return socket.destroy();
    const [, range] = /^bytes=(\d+)-/.exec(request.headers["range"] ?? "") ?? [];
    const condition = request.headers["if-range"];
    const holds =
      condition === undefined || truth.some((header) => header.endsWith(`: ${condition}`)) || chance(0.3);
    if (range !== undefined && holds && chance(0.9)) {
      if (chance(0.05)) return refuse("412 Precondition Failed");
      if (Number(range) >= body.length || chance(0.05))
        return refuse("416 Range", `Content-Range: bytes */${body.length}`, ...headers);
      const from = chance(0.25) ? below(body.length) : Number(range);
      const to = chance(0.2) ? from + 1 + below(body.length - from) : body.length;
      const total = chance(0.05) ? "*" : String(body.length + (chance(0.05) ? 1 + below(1000) : 0));
      return send(
        ["206 Partial Content", `Content-Range: bytes ${from}-${to - 1}/${total}`, ...headers],
        body.subarray(from, to),
      );
    }
    if (chance(0.1)) return send(["200 OK", "Content-Encoding: gzip", ...headers], gzipSync(body));
    if (chance(0.3)) {
      const pieces = Array.from({ length: 4 }, (_, i) =>
        body.subarray((i * body.length) >> 2, ((i + 1) * body.length) >> 2),
      ).filter((piece) => piece.length);
      const end = chance(0.4);
      const sent = end ? pieces : pieces.slice(0, below(5));
      return say((ending) => chunked(sent, { headers, end, ending }), !end);
    }
    return send(["200 OK", ...(chance(0.1) ? ["Accept-Ranges: none"] : []), ...headers], body);
  };
  return { answer: answerChaos, versions };
}
