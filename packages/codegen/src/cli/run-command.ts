type Print = (line: string) => void;
type Command = (root: string, args: readonly string[], print: Print) => Promise<number>;

/** The commands by name. Each is loaded when it is called, so that none waits for what another needs. */
const commands: Readonly<Record<string, Command>> = {
  generate: async (root, args, print) => (await import("../generate/run.js")).run(root, args, print),
  "new-vendor": async (root, args, print) =>
    (await (await import("../new-vendor/run.js")).newVendor(root, args, new Date(), print)).code,
  "spec-diff": specDiff("diff"),
  regenerate: specDiff("regenerate"),
  "check-changesets": specDiff("check"),
  "docs-check": docsCheck("check"),
  "docs-accept": docsCheck("accept"),
  "check-docs": docsCheck("fit"),
};

/** Runs the command that the first argument names, in a repository. @returns the exit code */
export async function runCommand(root: string, args: readonly string[], print: Print): Promise<number> {
  const [name = "", ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return await command(root, rest, print);
  print(`There is no command "${name}". There are: ${Object.keys(commands).join(", ")}.`);
  return 2;
}

function specDiff(part: string): Command {
  return async (root, args, print) => (await import("../spec-diff/run.js")).run(root, [part, ...args], print);
}

function docsCheck(part: string): Command {
  return async (root, args, print) =>
    (await import("../docs-check/run.js")).run(root, [part, ...args], { print });
}
