import { parseArgs } from "node:util";

/** What `npm start` was asked for. */
export interface DemoOptions {
  /** Names of vendors; all when empty. */
  readonly vendors: readonly string[];
  readonly sizeBytes: number;
}

export const usage = `npm start [-- vendor … --size 200MB]

Runs an export of every vendor, or of those named, against the sandbox on 127.0.0.1, and writes the files under out/.

  --size SIZE   how big the files are, about: 64kB, 200MB, 1GB   (2MB)
  --help        this text`;

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/**
 * @returns `undefined` when help was asked for
 * @throws {TypeError} that says what is wrong with the arguments
 */
export function readOptions(args: readonly string[], known: readonly string[]): DemoOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { size: { type: "string", default: "2MB" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return undefined;
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`There is no vendor "${unknown}". There are: ${known.join(", ")}.`);
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(values.size) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number === "" || factor === undefined)
    throw new TypeError(`"${values.size}" is no size. Write it like 64kB, 200MB or 1GB.`);
  return { vendors: positionals, sizeBytes: Math.round(Number(number) * factor) };
}
