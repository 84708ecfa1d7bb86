import { readFileSync } from "node:fs";
import { Command, CommanderError, Help, Option } from "commander";
import { addVendorGroup } from "./commands/vendor-group.js";
import { didYouMean } from "./errors/closest-word.js";
import { CommandEndedError, UsageError } from "./errors/command-error.js";
import { exitCodeOf, exitCodes } from "./errors/exit-code.js";
import { addOwnCommands } from "./own-commands.js";
import { printFailure } from "./terminal/failure.js";
import { helpWidth, wrapHelp } from "./terminal/help-width.js";
import type { Io } from "./terminal/io.js";
import { printLine, printText } from "./terminal/print.js";
import { installedNames, installedVendor } from "./vendors/installed-vendors.js";

/** Runs the program. A failure is printed. @returns the exit code */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  try {
    const program = createProgram(args, io);
    await program.parseAsync([...args], { from: "user" });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the message. `--help` and `--version` throw as well.
      return error.exitCode === 0 ? exitCodes.done : exitCodes.badUse;
    }
    // A command that has ended by itself has told why.
    if (!(error instanceof CommandEndedError && error.message === "")) printFailure(error, io);
    return exitCodeOf(error);
  }
}

/**
 * Creates the program's commands, and the commands of the vendor that the arguments name.
 * @throws {UsageError} if the first argument is neither a command nor a vendor
 */
export function createProgram(args: readonly string[], io: Io): Command {
  const program = new Command("outhaul");
  configure(program, io);
  program
    .description("Runs exports of vendors: starts them, waits for them, and saves the file.")
    .version(version(), "-v, --version")
    .addOption(new Option("-V").hideHelp()) // the letter of the first versions
    .on("option:V", () => {
      printLine(io.stdout, version());
      throw new CommanderError(0, "commander.version", version());
    })
    .helpCommand(false)
    .addHelpText("after", () => vendorsHelp(io));

  const separator = args.indexOf("--");
  const commandToRun = separator < 0 ? [] : args.slice(separator + 1);
  addOwnCommands(program, createProgram, io, commandToRun);
  const [first = "", second] = args.filter((arg) => !arg.startsWith("-"));
  const isOwn = program.commands.some((command) => command.name() === first);
  if (first === "call" && second !== undefined) {
    addVendorGroup(program, installedVendor(second, io.cwd), io, "call");
  } else if (first !== "" && !isOwn) {
    if (!isVendor(first, io)) throw unknownCommand(first, args, program, io);
    addVendorGroup(program, installedVendor(first, io.cwd), io, "export");
  }
  return program;
}

/** Makes commander throw its errors and write to the program's streams. */
function configure(program: Command, { stdout, stderr }: Io): void {
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => printText(stdout, text),
      writeErr: (text) => printText(stderr, text),
      outputError: (text, write) => write(text.replace(/^error: /, "outhaul: ")),
      getOutHelpWidth: () => helpWidth(stdout),
      getErrHelpWidth: () => helpWidth(stderr),
    })
    .configureHelp({
      minWidthToWrap: 20, // so that it wraps on a terminal of 60 columns, too
      // Nearly all have options, and names of operations need the room.
      subcommandTerm(command) {
        return Help.prototype.subcommandTerm.call(this, command).replace(" [options]", "");
      },
    })
    .showSuggestionAfterError(true);
}

function isVendor(name: string, io: Io): boolean {
  try {
    installedVendor(name, io.cwd);
    return true;
  } catch (error) {
    // A known vendor that cannot be used has a message of its own.
    if (error instanceof UsageError && !error.message.startsWith("there is no vendor")) throw error;
    return false;
  }
}

function unknownCommand(name: string, args: readonly string[], program: Command, io: Io): UsageError {
  const [flag = ""] = args[0]?.split("=") ?? []; // its value may be a secret
  if (flag.startsWith("-"))
    return new UsageError(
      `${flag} comes behind what it is for: outhaul <command or vendor> … ${flag} (outhaul --help lists them)`,
    );
  const words = program.commands
    .map((command) => command.name())
    .filter((word) => word !== "completion-server");
  const hint = didYouMean(name, [...words, ...installedNames(io.cwd)]);
  return new UsageError(`there is no command or vendor "${name}"${hint} (outhaul --help lists them)`);
}

function vendorsHelp(io: Io): string {
  const names = installedNames(io.cwd);
  const list = names.length
    ? `Vendors:\n${names.map((name) => `  outhaul ${name} --help`).join("\n")}`
    : "Vendors:\n  none is installed here: npm install @outhaul/<vendor> (outhaul vendors lists them)";
  const codes =
    "Exit codes: 0 done, 1 the export failed, 2 bad use, 3 credentials, 4 time-out with the export still running, 5 network, 6 disk, 130 interrupted.";
  return `\n${list}\n\n${wrapHelp(codes, io.stdout)}`;
}

/** The version of the package. The path is the same from `src/` and from the bundle in `dist/`. */
function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version; // npm requires it
}
