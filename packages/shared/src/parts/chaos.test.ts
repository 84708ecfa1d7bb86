import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { saveDownload } from "../download/open.js";
import { OuthaulError } from "../errors/outhaul-error.js";
import type { DownloadEvent, SaveOptions } from "../file/options.js";
import { inTime, playChaos, secretIn } from "../testing/chaos-run.js";
import { chaos, HEADER_SECRET, QUERY_SECRET } from "../testing/chaos-server.js";
import { testClock } from "../testing/download-clock.js";
import type { TestFolder } from "../testing/folder.js";
import { rawServer } from "../testing/raw-server.js";
import type { FileSource, LocateOptions } from "../transfer/source.js";
import type { PartsDefinition } from "./definition.js";
import { partsSource } from "./parts-source.js";

const ways = ["list", "pages", "kept list", "kept pages"] as const;
const PARTS = 3;
const HOUR_MS = 3_600_000;
const HEADING = "part,version,row\n";

/** Whole rows of about so many bytes. */
function rowsOf(part: number, version: number, sizeBytes: number): Buffer {
  const rows = Array.from({ length: sizeBytes / 12 }, (_, row) => `${part},${version},${row}\n`);
  return Buffer.from(sizeBytes ? HEADING + rows.join("") : "");
}

/** Saves a file whose parts come from random servers, one each; tells whether it came. */
async function attempt(seed: number, way: (typeof ways)[number], folder: TestFolder): Promise<boolean> {
  const clock = testClock();
  const passing = setInterval(() => clock.advance(10_000), 300);
  const isBlind = seed % 4 === 3;
  const isListed = way.endsWith("list");
  const parts = await Promise.all(
    Array.from({ length: PARTS }, async (_, index) => {
      const server = chaos(seed * PARTS + index, {
        clock,
        isBlind,
        expectsType: seed % 3 === 0,
        bodyOf: (version, bytes) => rowsOf(index, version, bytes),
        head: isListed ? [] : [`X-Next: ${index + 1 < PARTS ? index + 1 : ""}`],
      });
      const own = await rawServer(server.answer);
      const other = await rawServer(server.answer);
      server.elsewhere = other.origin;
      return { server, own, other };
    }),
  );
  let asked = 0;
  const urls = () => parts.map(({ own }) => own.url(`/file.csv?sig=${QUERY_SECRET}&asked=${asked}`));
  const source: FileSource = {
    allowHttp: true,
    async locate({ nextPage = "0" }: LocateOptions) {
      asked++;
      if (!isListed)
        return {
          url: new URL(urls()[Number(nextPage)] ?? ""),
          headers: { authorization: `Bearer ${HEADER_SECRET}` },
          trusted: true,
        };
      const reply = { status: 200, ok: true, headers: new Headers(), body: urls() };
      return { url: new URL(`${parts[0]?.own.origin}/list`), trusted: false, reply };
    },
  };
  const definition: PartsDefinition = isListed
    ? { files: ({ body }) => body }
    : { nextPage: ({ headers }) => headers.get("x-next"), header: "x-next" };
  const out: unknown[] = [];
  const options: SaveOptions = {
    parts: seed % 2 ? "join" : "apart",
    resume: seed % 5 ? "auto" : "unsafe",
    maxBytes: 2_000_000,
    timeouts: { totalMs: 2 * HOUR_MS },
    onEvent(event: DownloadEvent) {
      out.push(event);
      if (event.type === "retry" && event.waitMs > 20_000) setTimeout(() => clock.advance(event.waitMs), 1);
    },
    ...(seed % 3 === 0 && { expectType: "text/csv" }),
  };
  const dependencies = { clock, baseUrl: parts[0]?.own.origin ?? "" };
  const save = (more: SaveOptions = {}) =>
    saveDownload(
      partsSource(source, { ...dependencies, ...(isBlind && { fetch: globalThis.fetch }) }, definition, {
        id: "1",
        snapshot: {},
      }),
      folder.file(`f${seed}`),
      { ...options, ...more },
      { clock, ...(isBlind && { fetch: globalThis.fetch }) },
    );
  const kept = { keepPartial: true, retry: { attempts: 1 } };
  const said = () => parts.flatMap(({ server }, index) => server.said.map((line) => `${index}: ${line}`));
  const wrong = (problem: string) => new Error(`seed ${seed}: ${problem}\n${said().join("\n")}`);
  const saving = way.startsWith("kept")
    ? save(kept)
        .catch(() => save(kept))
        .catch(() => save({ keepPartial: true }))
    : save();
  let isSaved = false;
  try {
    out.push(await inTime(saving).finally(() => clearInterval(passing)));
    isSaved = true;
  } catch (error) {
    out.push(error);
    if (!(error instanceof OuthaulError)) throw Object.assign(wrong("no error of ours"), { cause: error });
  }
  const versions = parts.map(({ server }) => server.versions.map(({ body }) => body));
  if (isSaved) {
    const problem = await problemWith(folder.file(`f${seed}`), versions, options.parts === "join");
    if (problem) throw wrong(problem);
  } else if ((await folder.names()).includes(`f${seed}`)) throw wrong("a file is there after an error");
  if (clock.armed) throw wrong("a timer is left");
  const secret = secretIn(out);
  if (secret) throw wrong(`a secret in ${secret}`);
  if (parts.some(({ other }) => other.requests.some(({ headers }) => headers["authorization"])))
    throw wrong("a key went elsewhere");
  return isSaved;
}

/** What is wrong with a saved file: each of its parts has to be one version of that part, in their order. */
async function problemWith(
  path: string,
  versions: Buffer[][],
  isJoined: boolean,
): Promise<string | undefined> {
  if (!isJoined) {
    const names = (await readdir(path)).sort();
    if (names.length !== PARTS) return `the folder has ${names}`;
    for (const [index, name] of names.entries()) {
      const content = await readFile(join(path, name));
      if (!versions[index]?.some((body) => body.equals(content))) return `${name} is of no version`;
    }
    return undefined;
  }
  const content = await readFile(path);
  let ends = new Set([0]);
  for (const bodies of versions) {
    const next = new Set<number>();
    for (const at of ends)
      for (const body of bodies) {
        const rows = at ? body.subarray(HEADING.length) : body;
        if (content.subarray(at, at + rows.length).equals(rows)) next.add(at + rows.length);
      }
    ends = next;
  }
  return ends.has(content.length) ? undefined : `${content.length} bytes are of no versions`;
}

playChaos(ways, attempt, (way) => (way.startsWith("kept") ? /^\.f\d+\.keep\./ : /^$/), PARTS);
