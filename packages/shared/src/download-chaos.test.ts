import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { download, downloadTo } from "./download.js";
import { DownloadError } from "./download-error.js";
import { type Answer, answer, chunked, rawServer } from "./download-raw-server.js";
import { testClock } from "./download-test-clock.js";
import { testFolder } from "./download-test-folder.js";

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

interface Version {
  body: Buffer;
  headers: string[];
}

/** A server that cuts, lies about ranges, changes its file and forgets headers, but sends no byte that is of no version. */
function chaos(seed: number): { answers: Answer[]; versions: Version[] } {
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
  const answers: Answer[] = [
    (socket, request, index) => {
      if (chance(0.2)) at = Math.min(at + 1, versions.length - 1);
      const { body, headers: truth } = versions[at] as Version;
      const headers = chance(0.1) ? [] : truth;
      const cut = (length: number) => (chance(0.6) ? below(length + 1) : length);
      const ending = pick("fin", "rst") as "fin" | "rst";
      const send = (head: string[], data: Buffer) => {
        const until = cut(data.length);
        answer(
          [...head, `Content-Length: ${data.length}`],
          data.subarray(0, until),
          until < data.length ? ending : "open",
        )(socket, request, index);
      };
      if (chance(0.1))
        return answer([pick("503 Busy", "429 Slow", "500 Oops"), "Content-Length: 0"])(
          socket,
          request,
          index,
        );
      if (chance(0.05)) return socket.destroy();
      const [, range] = /^bytes=(\d+)-/.exec(request.headers["range"] ?? "") ?? [];
      const condition = request.headers["if-range"];
      const holds =
        condition === undefined || truth.some((header) => header.endsWith(`: ${condition}`)) || chance(0.3);
      if (range !== undefined && holds && chance(0.9)) {
        if (chance(0.05))
          return answer(["412 Precondition Failed", "Content-Length: 0"])(socket, request, index);
        if (Number(range) >= body.length || chance(0.05)) {
          return answer([
            "416 Range",
            `Content-Range: bytes */${body.length}`,
            "Content-Length: 0",
            ...headers,
          ])(socket, request, index);
        }
        const from = chance(0.25) ? below(body.length) : Number(range);
        const to = chance(0.2) ? from + 1 + below(body.length - from) : body.length;
        const total = chance(0.05) ? "*" : String(body.length);
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
        return chunked(end ? pieces : pieces.slice(0, below(5)), {
          headers,
          end,
          ending: end ? "open" : ending,
        })(socket, request, index);
      }
      return send(["200 OK", ...(chance(0.1) ? ["Accept-Ranges: none"] : []), ...headers], body);
    },
  ];
  return { answers, versions };
}

const COUNT = Number(process.env["CHAOS_COUNT"] ?? 60);
const FIRST = Number(process.env["CHAOS_SEED"] ?? 1);

describe("chaos", () => {
  it.each(["file", "memory", "stream"] as const)(
    `gives one whole version of the file, or an error (%s, ${COUNT} servers)`,
    async (kind) => {
      const folder = await testFolder();
      let saved = 0;
      for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
        const { answers, versions } = chaos(seed);
        const server = await rawServer(...answers);
        const options = { clock: testClock(), resume: seed % 5 ? ("auto" as const) : ("unsafe" as const) };
        const name = `f${seed}`;
        try {
          const chunks: Uint8Array[] = [];
          if (kind === "file") await downloadTo(server.url(), folder.file(name), options);
          else if (kind === "memory") chunks.push(await (await download(server.url(), options)).bytes());
          else for await (const chunk of (await download(server.url(), options)).body) chunks.push(chunk);
          const data = kind === "file" ? await folder.read(name) : Buffer.concat(chunks);
          saved++;
          expect(
            versions.some(({ body }) => body.equals(data)),
            `seed ${seed}: ${data.length} bytes are of no version`,
          ).toBe(true);
        } catch (error) {
          if (!(error instanceof DownloadError)) throw new Error(`seed ${seed}`, { cause: error });
        }
        if (kind === "file")
          for (const left of await folder.names()) expect(left, `seed ${seed}`).toMatch(/^f\d+$/);
      }
      expect(saved).toBeGreaterThan(COUNT / 4);
    },
    60_000,
  );
});
