import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addVendorCommand } from "./commands/vendor-group.js";
import { UsageError } from "./errors/command-error.js";
import { exitCodeOf, exitCodes } from "./errors/exit-code.js";
import { addOutputFlags, addWaitFlags } from "./job/wait-flags.js";
import { printFailure } from "./terminal/failure.js";
import type { Io } from "./terminal/io.js";
import { installedNames, installedVendor, nearest } from "./vendors/installed.js";

/** Runs the program with these arguments. @returns the exit code; what went wrong was told */
export async function runProgram(args: readonly string[], io: Io): Promise<number> {
  try {
    const program = createProgram(args, io);
    await program.parseAsync([...args], { from: "user" });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has written its message. Help that was asked for is no failure.
      return error.exitCode === 0 ? exitCodes.done : exitCodes.badUse;
    }
    const code = exitCodeOf(error);
    printFailure(error, io);
    return code;
  }
}

/** The commands, with those of the vendor that the arguments name. */
export function createProgram(args: readonly string[], io: Io): Command {
  const program = new Command("outhaul");
  configure(program, io);
  program
    .description("Runs exports of vendors: starts them, waits for them, and saves the file.")
    .version(version(), "-V, --version")
    .helpCommand(false)
    .addHelpText("after", () => vendorsHelp(io));

  addOwnCommands(program, io);
  const [first = "", second] = args.filter((arg) => !arg.startsWith("-"));
  const known = program.commands.some((command) => command.name() === first);
  if (first === "call" && second !== undefined) {
    addVendorCommand(program, installedVendor(second, io.cwd), io, "call");
  } else if (first !== "" && !known) {
    if (!isVendor(first, io)) throw unknownCommand(first, program, io);
    addVendorCommand(program, installedVendor(first, io.cwd), io, "export");
  }
  return program;
}

/** Errors are thrown, in our words, and nothing ends the process. */
function configure(program: Command, { stdout, stderr }: Io): void {
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, "outhaul: ")),
      getOutHelpWidth: () => stdout.columns || 100,
      getErrHelpWidth: () => stderr.columns || 100,
    })
    .showSuggestionAfterError(true);
}

function addOwnCommands(program: Command, io: Io): void {
  program
    .command("vendors")
    .description("list the vendors: what is installed, and what else there is")
    .option("--json", "as JSON")
    .action(async (flags) => (await import("./commands/vendors.js")).listVendors(flags, io));

  const status = program
    .command("status <token>")
    .description("ask once how far an export is (a token, or an id of outhaul jobs)");
  addOutputFlags(status);
  status.action(async (token, flags) => (await import("./commands/jobs.js")).showStatus(token, flags, io));

  const resume = program
    .command("resume [token]")
    .description("go on with an export that was left, here or on another machine")
    .option("--all", "with every export that was left here and that no process works on");
  addWaitFlags(resume);
  // Where it is not given, a job goes where it was meant to.
  resume.setOptionValue("output", undefined);
  resume.action(async (token, flags) => (await import("./commands/jobs.js")).resumeJobs(token, flags, io));

  program
    .command("cancel <token>")
    .description("ask the vendor to stop an export (a token, or an id of outhaul jobs)")
    .option("--json", "as JSON")
    .action(async (token, flags) => (await import("./commands/jobs.js")).cancelJob(token, flags, io));

  program
    .command("jobs")
    .description("list the exports that are under way, or were left")
    .option("--json", "as JSON")
    .action(async (flags) => (await import("./commands/jobs.js")).listJobs(flags, io));

  const run = program
    .command("run <file>")
    .description("run the exports of a YAML or JSON file, all at once; what is done is not done again")
    .option("--manifest <file>", "where to write what came of them", "<file>.manifest.json")
    .option("--again <name...>", "start these anew, whatever has come of them");
  addWaitFlags(run, { output: false });
  run.action(async (file, flags) => (await import("./commands/run.js")).runFile(file, flags, io));

  program
    .command("call")
    .description("any documented call of a vendor, its reply on stdout: outhaul call <vendor> <operation>")
    .usage("<vendor> <operation> [options]")
    .action(() => {
      throw new UsageError(
        "say of which vendor: outhaul call <vendor> <operation> (outhaul vendors lists them)",
      );
    });

  program
    .command("login <vendor>")
    .description("keep credentials of a vendor in a file that only you can read")
    .option("--with <credential>", "the way to sign in, where there are several: a credential that it takes")
    .action(async (name, flags) =>
      (await import("./commands/login.js")).login(installedVendor(name, io.cwd), flags, io),
    );

  program
    .command("doctor <vendor>")
    .description("tell where credentials come from, and try them with one harmless call")
    .option("--json", "as JSON")
    .action(async (name, flags) =>
      (await import("./commands/doctor.js")).doctor(installedVendor(name, io.cwd), flags, io),
    );

  program
    .command("sandbox [vendors...]")
    .description("vendors to try exports against, on this machine; prints the environment to use them")
    .option("--polls <count>", "how many polls answer that it is not ready yet", "2")
    .option("--size <bytes>", "how big the files are, about", "65536")
    .action(async (names, flags) => (await import("./commands/sandbox.js")).runSandbox(names, flags, io));

  program
    .command("completion <shell>")
    .description("the completion script for bash, zsh or fish")
    .action(async (shell) => (await import("./commands/completion.js")).printScript(shell, io));
  program
    .command("completion-server", { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => (await import("./commands/completion.js")).complete(createProgram, io));
}

function isVendor(name: string, io: Io): boolean {
  try {
    installedVendor(name, io.cwd);
    return true;
  } catch (error) {
    // One that is known, and not installed or too new, has its own message.
    if (error instanceof UsageError && !error.message.startsWith("there is no vendor")) throw error;
    return false;
  }
}

function unknownCommand(name: string, program: Command, io: Io): UsageError {
  const words = program.commands
    .map((command) => command.name())
    .filter((word) => word !== "completion-server");
  const near = nearest(name, [...words, ...installedNames(io.cwd)]);
  return new UsageError(
    `there is no command or vendor "${name}"${near ? `; did you mean ${near}?` : ""} (outhaul --help lists them)`,
  );
}

function vendorsHelp(io: Io): string {
  const names = installedNames(io.cwd);
  const list = names.length
    ? `Vendors:\n${names.map((name) => `  outhaul ${name} --help`).join("\n")}`
    : "Vendors:\n  none is installed here: npm install @outhaul/<vendor> (outhaul vendors lists them)";
  return `\n${list}\n\nExit codes: 0 done, 1 the export failed, 2 bad use, 3 credentials, 4 time-out with the export still running,\n5 network, 6 disk, 130 interrupted.`;
}

function version(): string {
  return (
    JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
  ).version;
}
