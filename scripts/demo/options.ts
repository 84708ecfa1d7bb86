import { parseArgs } from "node:util";
import { parseSize } from "../../packages/cli/src/terminal/size.js";

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

/**
 * @returns `undefined` when help was asked for
 * @throws {Error} that says what is wrong with the arguments
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
  return { vendors: positionals, sizeBytes: parseSize("--size", values.size) };
}
