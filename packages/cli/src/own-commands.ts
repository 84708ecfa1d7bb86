import { type Command, Option } from "commander";
import { addAllowHostFlag } from "./client/allow-host-flag.js";
import { addProfileFlag } from "./client/profile-flag.js";
import type { CreateProgram } from "./commands/completion.js";
import { UsageError } from "./errors/command-error.js";
import { addExamples } from "./help-examples.js";
import { addReportFlags, addSaveFlags } from "./job/save-flags.js";
import type { Io } from "./terminal/io.js";
import { printLine } from "./terminal/print.js";
import { installedVendor } from "./vendors/installed-vendors.js";

/**
 * Adds the commands that are the same for every vendor, in the order of the help page. Each loads its code when it runs.
 * @param commandToRun what stands after `--`: another program, and its arguments
 */
export function addOwnCommands(
  program: Command,
  createProgram: CreateProgram,
  io: Io,
  commandToRun: readonly string[],
): void {
  addDemo(program, io);
  program
    .command("vendors")
    .description("list the vendors: what is installed, and what else there is")
    .option("--json", "as JSON")
    .action(async (flags) => (await import("./commands/vendors.js")).listVendors(flags, io));
  addJobCommands(program, io);
  addRun(program, io);
  addCall(program);
  addSetupCommands(program, io);
  addSandbox(program, io, commandToRun);
  addCompletion(program, createProgram, io);
  addHelp(program, createProgram, io);
  addExamples(program);
}

function addDemo(program: Command, io: Io): void {
  program
    .command("demo")
    .description("an export that loses its connection and its process, on this machine, in ten seconds")
    .addOption(new Option("--worker").hideHelp()) // the process that the demo kills
    .action(async ({ worker }) =>
      worker
        ? (await import("./demo/worker.js")).runWorker()
        : (await import("./commands/demo.js")).runDemo(io),
    );
}

function addJobCommands(program: Command, io: Io): void {
  const status = program
    .command("status <token>")
    .description("ask once how far an export is (a token, or an id of outhaul jobs)");
  addProfileFlag(status);
  addReportFlags(status);
  status.action(async (token, flags) => (await import("./commands/status.js")).showStatus(token, flags, io));

  const resume = program
    .command("resume [token]")
    .description("go on with an export that was left, here or on another machine")
    .option("--all", "with every export that was left here and that no process works on");
  addProfileFlag(resume);
  addSaveFlags(resume);
  // Without --output, a file goes where the export was started to put it.
  resume.setOptionValue("output", undefined);
  resume.action(async (token, flags) => (await import("./commands/resume.js")).resumeJobs(token, flags, io));

  const cancel = program
    .command("cancel <token>")
    .description("ask the vendor to stop an export (a token, or an id of outhaul jobs)");
  addProfileFlag(cancel);
  cancel
    .option("--json", "as JSON")
    .action(async (token, flags) => (await import("./commands/cancel.js")).cancelJob(token, flags, io));

  const jobs = program
    .command("jobs")
    .description("list the exports that are under way, or were left")
    .helpCommand(false)
    .option("--json", "as JSON")
    .action(async (flags) => (await import("./commands/jobs.js")).listJobs(flags, io));
  jobs
    .command("forget <id>")
    .description("take an export off the list; at the vendor it goes on")
    .action(async (id) => (await import("./commands/jobs.js")).forgetJob(id, jobs.opts(), io));
}

function addRun(program: Command, io: Io): void {
  const run = program
    .command("run [file]")
    .usage("[options] <file>")
    .description("run the exports of a YAML or JSON file, all at once; what is done is not done again")
    .option("--manifest <file>", "where to write what came of them", "<file>.manifest.json")
    .option("--again <name...>", "start these anew, whatever has come of them");
  addProfileFlag(run);
  addAllowHostFlag(run);
  addSaveFlags(run, { output: false });
  run.action(async (file: string | undefined, flags) => {
    // `run --again contacts exports.yaml`: the last word is the file.
    const given = file ?? (flags.again?.length > 1 ? flags.again.pop() : undefined);
    if (given === undefined) throw new UsageError("say which file to run: outhaul run exports.yaml");
    await (await import("./commands/run.js")).runFile(given, flags, io);
  });
}

/** Adds `call`. The operations of a vendor are added to it once the arguments name one. */
function addCall(program: Command): void {
  program
    .command("call")
    .description("any documented call of a vendor, its reply on stdout: outhaul call <vendor> <operation>")
    .usage("<vendor> <operation> [options]")
    .action(() => {
      throw new UsageError(
        "say of which vendor: outhaul call <vendor> <operation> (outhaul vendors lists them)",
      );
    });
}

function addSetupCommands(program: Command, io: Io): void {
  const login = program
    .command("login <vendor>")
    .description("try credentials of a vendor, and keep them in a file that only you can read")
    .option("--with <credential>", "the way to sign in, where there are several: a credential that it takes")
    .option("--no-check", "keep them untried");
  addProfileFlag(login);
  login.action(async (name, flags) =>
    (await import("./accounts/login.js")).login(installedVendor(name, io.cwd), flags, io),
  );

  const logout = program
    .command("logout <vendor>")
    .description("remove the credentials of a vendor that login has kept");
  addProfileFlag(logout);
  logout.action(async (name, flags) =>
    (await import("./accounts/logout.js")).logout(installedVendor(name, io.cwd), flags, io),
  );

  const whoami = program
    .command("whoami [vendor]")
    .description("list your accounts, and where their credentials come from; asks no vendor")
    .option("--json", "as JSON");
  addProfileFlag(whoami);
  whoami.action(async (name, flags) => (await import("./accounts/whoami.js")).whoami(name, flags, io));

  const doctor = program
    .command("doctor <vendor>")
    .description("tell where credentials come from, and try them with one harmless call")
    .option("--json", "as JSON");
  addProfileFlag(doctor);
  doctor.action(async (name, flags) =>
    (await import("./accounts/doctor.js")).doctor(installedVendor(name, io.cwd), flags, io),
  );
}

function addSandbox(program: Command, io: Io, commandToRun: readonly string[]): void {
  program
    .command("sandbox [vendors...]")
    .description(
      "vendors to try exports against, on this machine, with a live page; prints the environment to use them, or runs a command with it",
    )
    .usage("[options] [vendors...] [-- <command> [args...]]")
    .option("--polls <count>", "how many polls answer that it is not ready yet", "2")
    .option("--size <size>", "how big the files are, about (20MB, 512KiB; bytes without a unit)", "65536")
    .option("--port <port>", "the port of the live page; a free one without it")
    .action(async (operands: string[], flags) => {
      const names = operands.slice(0, operands.length - commandToRun.length);
      await (await import("./commands/sandbox.js")).runSandbox(names, flags, commandToRun, io);
    });
}

/** Adds `help` and `version`, which people try before they know of the flags. */
function addHelp(program: Command, createProgram: CreateProgram, io: Io): void {
  program
    .command("help [command...]")
    .description("tell how a command is used: outhaul help run")
    .action(async (names: string[]) => {
      await createProgram(names, io).parseAsync([...names, "--help"], { from: "user" });
    });
  program
    .command("version")
    .description("tell the version")
    .action(() => printLine(io.stdout, program.version() ?? ""));
}

function addCompletion(program: Command, createProgram: CreateProgram, io: Io): void {
  program
    .command("completion <shell>")
    .description("the completion script for bash, zsh, fish or pwsh (PowerShell)")
    .action(async (shell) => (await import("./commands/completion.js")).printScript(shell, io));
  program
    .command("completion-server", { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_options, { args }: Command) =>
      (await import("./commands/completion.js")).complete(args, createProgram, io),
    );
}
