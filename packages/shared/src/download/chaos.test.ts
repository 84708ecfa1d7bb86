import { describe, expect, it } from "vitest";
import { DownloadError } from "../errors/download-error.js";
import { chaos } from "../testing/chaos-server.js";
import { testClock } from "../testing/download-clock.js";
import { type TestFolder, testFolder } from "../testing/folder.js";
import { rawServer } from "../testing/raw-server.js";
import { download, downloadTo } from "./download.js";

/** How many servers; `npm run chaos` has more of them. */
const COUNT = Number(process.env["CHAOS_COUNT"] ?? 60);
const FIRST = Number(process.env["CHAOS_SEED"] ?? 1);
/** Servers of one test, which ends them. */
const SLICE = 100;
const AT_ONCE = 12;

const slices = Array.from({ length: Math.ceil(COUNT / SLICE) }, (_, index) => FIRST + index * SLICE);
const ways = ["file", "kept file", "memory", "stream"] as const;

/** Downloads from the server of a seed; tells whether a file came of it. */
async function attempt(seed: number, way: (typeof ways)[number], folder: TestFolder): Promise<boolean> {
  const clock = testClock();
  const { answer, versions } = chaos(seed, clock);
  const server = await rawServer(answer);
  const options = { clock, resume: seed % 5 ? ("auto" as const) : ("unsafe" as const) };
  const save = async (more = {}) => {
    await downloadTo(server.url(), folder.file(`f${seed}`), { ...options, ...more });
    return folder.read(`f${seed}`);
  };
  const kept = { keepPartial: true, retry: { attempts: 1 } };
  const take = {
    file: save,
    // What one run leaves, the next one goes on with.
    "kept file": () =>
      save(kept)
        .catch(() => save(kept))
        .catch(() => save({ keepPartial: true })),
    memory: async () => (await download(server.url(), options)).bytes(),
    async stream() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await download(server.url(), options)).body) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  };
  let data: Uint8Array;
  try {
    data = await take[way]();
  } catch (error) {
    if (error instanceof DownloadError) return false;
    throw new Error(`seed ${seed}`, { cause: error });
  }
  if (!versions.some(({ body }) => body.equals(data)))
    throw new Error(`seed ${seed}: ${data.length} bytes are of no version`);
  return true;
}

describe("chaos", () => {
  it.each(slices.flatMap((first) => ways.map((way) => [way, first] as const)))(
    "gives one whole version of the file, or an error (%s, seeds from %i on)",
    async (way, first) => {
      const folder = await testFolder();
      const end = Math.min(first + SLICE, FIRST + COUNT);
      let seed = first;
      let saved = 0;
      const work = async () => {
        while (seed < end) if (await attempt(seed++, way, folder)) saved++;
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      const partial = way === "kept file" ? /^\.f\d+\.keep\./ : /^$/;
      for (const left of await folder.names())
        if (!partial.test(left)) expect(left, "left behind").toMatch(/^f\d+$/);
      if (end - first >= 50) expect(saved).toBeGreaterThan((end - first) / 4);
    },
    60_000,
  );
});
