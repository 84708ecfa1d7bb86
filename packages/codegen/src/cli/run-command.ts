import { ConfigError } from "../config/read-config.js";
import { type CommandName, openRepository, type Repository } from "../config/repository.js";

type Print = (line: string) => void;
type Command = (repository: Repository, args: readonly string[], print: Print) => Promise<number>;

/** The commands by name. Each is loaded when it is called, so that none waits for what another needs. */
const commands: Readonly<Record<CommandName, Command>> = {
  generate: async (repository, args, print) =>
    (await import("../generate/run.js")).run(repository, args, print),
  "new-vendor": async (repository, args, print) =>
    (await (await import("../new-vendor/run.js")).newVendor(repository, args, new Date(), print)).code,
  "spec-diff": specDiff("diff"),
  regenerate: specDiff("regenerate"),
  "check-changesets": specDiff("check"),
  "docs-check": docsCheck("check"),
  "docs-accept": docsCheck("accept"),
  "check-docs": docsCheck("fit"),
};

const USAGE = `npx outhaul-codegen <command> [arguments]

Makes typed clients of export APIs from OpenAPI and Arazzo specs. It works in the folder that holds outhaul.config.json.
  new-vendor        writes the spec of a new vendor, which works at once
  generate          makes the packages from the specs; with --check it compares them
  spec-diff         says what changed in the specs for a client's user
  regenerate        generates, and writes a changeset
  check-changesets  fails if a changed spec has no changeset
  docs-check        says which of the vendors' pages are not as they were read
  docs-accept       takes the pages as they are now into the lock
  check-docs        checks that the locks fit the specs
Each takes --help.`;

/** Runs the command that the first argument names, in a folder. @returns the exit code */
export async function runCommand(root: string, args: readonly string[], print: Print): Promise<number> {
  const [name = "--help", ...rest] = args;
  if (name === "--help") {
    print(USAGE);
    return args.length > 0 ? 0 : 2;
  }
  if (!isCommand(name)) {
    print(`There is no command "${name}". There are: ${Object.keys(commands).join(", ")}.`);
    return 2;
  }
  try {
    return await commands[name](openRepository(root), rest, print);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    print(error.message);
    return 2;
  }
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

function specDiff(part: string): Command {
  return async (repository, args, print) =>
    (await import("../spec-diff/run.js")).run(repository, [part, ...args], print);
}

function docsCheck(part: string): Command {
  return async (repository, args, print) =>
    (await import("../docs-check/run.js")).run(repository, [part, ...args], { print });
}
