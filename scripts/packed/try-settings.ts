import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { root } from "../vendors.js";
import { type Finding, problemOf } from "./run.js";
import { compilerOf, installTools } from "./tools.js";

/** A program, and the settings under which docs/guides/commonjs.md says that it works, or does not. */
interface Setting {
  readonly what: string;
  /** Files by name; `.cts` is CommonJS. */
  readonly files: Readonly<Record<string, string>>;
  readonly compilers: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** True if the project has the shared package itself, too. */
  readonly hasShared?: boolean;
  /** The compiler's error that the guide names. */
  readonly error?: string;
}

const PROGRAM = `import { createOngage, type Download, type ExportJob } from "@outhaul/ongage";
export async function run(): Promise<Download> {
  const job: ExportJob = await createOngage({ apiKey: "k" }).exportContactSearch({ title: "Readers" });
  return await job.download();
}
`;
const DYNAMIC = `export const load = async () => (await import("@outhaul/ongage")).createOngage({ apiKey: "k" });
`;
/** What a program may export without a word about its type. */
const INFERRED = `import { createOngage } from "@outhaul/ongage";
export const client = createOngage({ apiKey: "k" });
export const job = async () => await client.exportContactActivity({ title: "Readers" });
export const saved = async () => await (await job()).save("exports/");
export const snapshot = async () => (await job()).snapshot;
export const events = async () => (await job()).events();
export const cancel = async () => await (await job()).cancel();
export const download = async () => await (await job()).download();
export const segments = async () => await client.api.GET("/api/segments");
`;
const stream = (body: string) => `import { Readable } from "node:stream";
import type { Download } from "@outhaul/ongage";
export const toNode = (download: Download) => Readable.fromWeb(${body});
`;
const CAST = 'download.body as import("node:stream/web").ReadableStream';

const node16 = { module: "node16", lib: ["ES2022"] };
const nodenext = { module: "nodenext", lib: ["ES2022"] };
const withDom = { module: "nodenext", lib: ["ES2022", "DOM"] };
/** The program that docs/guides/nightly.md shows. */
const NIGHTLY = /```ts\n([\s\S]*?)```/.exec(readFileSync(`${root}docs/guides/nightly.md`, "utf8"))?.[1] ?? "";

const settings: readonly Setting[] = [
  {
    what: "the program of the guide to a nightly job",
    files: { "index.ts": NIGHTLY },
    hasShared: true,
    compilers: ["typescript"],
    options: nodenext,
  },
  {
    what: "moduleResolution node10",
    files: { "index.ts": PROGRAM },
    compilers: ["typescript-5.4", "typescript"],
    options: { module: "commonjs", moduleResolution: "node10", lib: ["ES2022"] },
  },
  {
    what: "an import in a CommonJS file, module node16",
    files: { "index.cts": PROGRAM },
    compilers: ["typescript"],
    options: node16,
    error: "TS1479",
  },
  {
    what: "await import in a CommonJS file, module node16",
    files: { "index.cts": DYNAMIC },
    compilers: ["typescript-5.4"],
    options: node16,
  },
  {
    what: "an import in a CommonJS file, module nodenext",
    files: { "index.cts": PROGRAM },
    compilers: ["typescript", "typescript-7"],
    options: nodenext,
  },
  {
    what: "inferred types of exports, and Readable.fromWeb",
    files: { "index.ts": INFERRED, "stream.ts": stream("download.body") },
    compilers: ["typescript-5.4", "typescript-7"],
    options: nodenext,
  },
  {
    what: "Readable.fromWeb with the types of a browser",
    files: { "index.ts": stream("download.body") },
    compilers: ["typescript"],
    options: withDom,
    error: "TS2345",
  },
  {
    what: "Readable.fromWeb of what it wants, with the types of a browser",
    files: { "index.ts": stream(CAST) },
    compilers: ["typescript-5.4", "typescript-7"],
    options: withDom,
  },
];

/** Compiles programs under the settings that users have, declarations included, in a project whose packages are not hoisted, as pnpm lays them out; and loads the client with `require`. */
export async function trySettings(project: string): Promise<Finding[]> {
  installTools();
  const folder = `${project}/settings`;
  layOut(`${project}/node_modules`, `${folder}/node_modules`);
  const tried = settings.flatMap(({ what, files, compilers, options, hasShared, error }, index) =>
    compilers.map(async (compiler): Promise<Finding> => {
      const cwd = `${folder}/${index}-${compiler}`;
      mkdirSync(cwd);
      if (hasShared) {
        mkdirSync(`${cwd}/node_modules/@outhaul`, { recursive: true });
        const stored = `${folder}/node_modules/.pnpm/@outhaul+shared/node_modules/@outhaul/shared`;
        symlinkSync(stored, `${cwd}/node_modules/@outhaul/shared`, "dir");
      }
      const compilerOptions = {
        target: "ES2022",
        strict: true,
        skipLibCheck: true,
        types: ["node"],
        declaration: true,
        outDir: "out",
      };
      writeFileSync(`${cwd}/package.json`, '{ "type": "module" }');
      writeFileSync(
        `${cwd}/tsconfig.json`,
        JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files: Object.keys(files) }),
      );
      for (const [name, text] of Object.entries(files)) writeFileSync(`${cwd}/${name}`, text);
      const said = await problemOf(process.execPath, [compilerOf(compiler), "-p", "."], { cwd });
      return { what: `${what}: ${compiler}`, ...judged(said, error) };
    }),
  );
  const findings = await Promise.all(tried);
  writeFileSync(`${folder}/index.cjs`, 'require("@outhaul/ongage").createOngage({ apiKey: "k" });');
  const problem = await problemOf(process.execPath, ["index.cjs"], { cwd: folder });
  findings.push({ what: "require loads the client", ...(problem === undefined ? {} : { problem }) });
  return findings;
}

function judged(said: string | undefined, error: string | undefined): Pick<Finding, "problem"> {
  if (error === undefined) return said === undefined ? {} : { problem: said };
  if (said === undefined) return { problem: `${error} is not said any more: the guide can be shorter` };
  return said.includes(error) ? {} : { problem: said };
}

/** Lays packages out as pnpm does: a project sees its own dependencies only, and each of these sees its own. */
function layOut(from: string, to: string): void {
  const put = (name: string, others: readonly string[]): void => {
    const store = `${to}/.pnpm/${name.replace("/", "+")}/node_modules`;
    mkdirSync(dirname(`${store}/${name}`), { recursive: true });
    cpSync(`${from}/${name}`, `${store}/${name}`, { recursive: true });
    for (const other of others)
      link(`${to}/.pnpm/${other.replace("/", "+")}/node_modules/${other}`, `${store}/${other}`);
  };
  const link = (target: string, path: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, "dir");
  };
  put("openapi-typescript-helpers", []);
  put("openapi-fetch", ["openapi-typescript-helpers"]);
  put("@outhaul/shared", ["openapi-fetch"]);
  put("@outhaul/ongage", ["@outhaul/shared"]);
  link(`${to}/.pnpm/@outhaul+ongage/node_modules/@outhaul/ongage`, `${to}/@outhaul/ongage`);
  for (const name of readdirSync(`${from}/@types`)) link(`${from}/@types/${name}`, `${to}/@types/${name}`);
}
