import { parseArgs } from "node:util";

/** What `npm run test:words` was asked for. */
export interface WordsOptions {
  /** Names of sample vendors; all, and one of each sign-in, when empty. */
  readonly samples: readonly string[];
  /** True if the copy of the repository stays. */
  readonly keep: boolean;
  /** True if `npm test` is not run in the copy. */
  readonly untested: boolean;
}

export const usage = `npm run test:words [-- sample … --keep --untested]

Adds the sample vendors of packages/codegen/src/testing/words, or those named, and one vendor of each sign-in to a copy
of the repository, runs all of npm test there, and tells where the time went.

  --keep      leaves the copy, and says where it is
  --untested  adds the vendors, and does not run npm test
  --help      this text`;

/**
 * @returns undefined when help was asked for
 * @throws {Error} that says what is wrong with the arguments
 */
export function readOptions(args: readonly string[], known: readonly string[]): WordsOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      keep: { type: "boolean", default: false },
      untested: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`There is no sample vendor "${unknown}". There are: ${known.join(", ")}.`);
  return { samples: positionals, keep: values.keep, untested: values.untested };
}
