import { createWriteStream, readFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import type { ListeningVendor } from "@outhaul/sandbox/node";
import { type ExportJob, OuthaulError } from "@outhaul/shared";
import { readOutcome } from "../outcome.js";
import { root } from "../vendors.js";

/** The two programs of README.md that run the same export. */
export type Program = "by-hand" | "outhaul";

/** How long a program may take where the vendor answers at once, in milliseconds. */
const PATIENCE_MS = 12_000;
/** A clock that runs so much faster than the machine's, and leaves a busy one 2.5 s for a request. */
const HASTE = 12;

/** Runs a program of README.md against the sandbox. @returns what it threw; `"waiting"` if it has no end */
export async function runProgram(
  program: Program,
  { serverUrl, clientOptions, name }: ListeningVendor,
  folder: string,
): Promise<unknown> {
  const code = readBlock(program)
    .replace(/^import .*$/gm, "")
    .replaceAll('"exports/', `"${folder}/`);
  const [createName, create] = await creatorOf(name);
  const origin = Date.now();
  const given: Record<string, unknown> = {
    api: serverUrl,
    token: clientOptions["token"],
    createWriteStream,
    pipeline,
    setTimeout: (ms: number) => setTimeout(ms / HASTE),
    options: {
      ...clientOptions,
      rateLimit: false,
      clock: {
        now: () => origin + (Date.now() - origin) * HASTE,
        setTimeout: (run: () => void, ms: number) => globalThis.setTimeout(run, ms / HASTE),
        clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
      },
    },
    [createName]: create,
  };
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  const run: Promise<unknown> = new AsyncFunction(...Object.keys(given), code)(...Object.values(given));
  return Promise.race([
    run.then(
      () => undefined,
      (error: unknown) => error,
    ),
    setTimeout(PATIENCE_MS, "waiting", { ref: false }),
  ]);
}

/** Starts an export, as the program does, on the machine's clock. */
export async function warmUp({ name, clientOptions, sandbox }: ListeningVendor): Promise<void> {
  const [, create] = await creatorOf(name);
  const client = create(clientOptions);
  for (const [workflow, example] of Object.entries(sandbox.examples))
    await (await client[workflow]?.(example))?.refresh();
}

type Client = Record<string, (request: unknown) => Promise<ExportJob>>;

/** The function of a vendor's package that makes its client, and its name. */
async function creatorOf(vendor: string): Promise<[string, (options: object) => Client]> {
  const module: Record<string, (options: object) => Client> = await import(`@outhaul/${vendor}`);
  const found = Object.entries(module).find(([name]) => name.startsWith("create"));
  if (!found) throw new Error(`@outhaul/${vendor} makes no client`);
  return found;
}

/** What became of the export, for the table of README.md. */
export function tellOutcome(thrown: unknown, folder: string, isRight: (bytes: Buffer) => boolean): string {
  const ending = thrown === "waiting" ? thrown : thrown === undefined ? "well" : "error";
  const nothing = OuthaulError.isInstance(thrown)
    ? `\`${thrown.code}\`, no file`
    : "stops; the export is lost";
  return {
    file: "the file",
    wrong: "**a wrong file, and no error**",
    half: "an error, and **half a file under its name**",
    whole: "an error, though the file is whole",
    none: nothing,
    waiting: "waits for ever",
  }[readOutcome(ending, folder, isRight)];
}

/** The vendor whose client the program of README.md imports. */
export function vendorOfProgram(): string {
  const [, name] = /from "@outhaul\/([a-z\d-]+)"/.exec(readBlock("outhaul")) ?? [];
  if (!name) throw new Error("the program of README.md imports no client of @outhaul");
  return name;
}

/** A marked block of code of README.md. */
function readBlock(mark: string): string {
  const readme = readFileSync(`${root}README.md`, "utf8");
  const code = new RegExp(`<!-- program: ${mark} -->\\s*\`\`\`ts\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (code === undefined) throw new Error(`README.md has no ts block after <!-- program: ${mark} -->`);
  return code;
}
