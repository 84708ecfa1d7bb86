import type { Command } from "commander";

/** Commands to try, for the help page of each command that is the same for every vendor. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  demo: ["outhaul demo"],
  vendors: ["outhaul vendors", "outhaul vendors --json"],
  status: ["outhaul status 5002"],
  resume: ["outhaul resume --all", "outhaul resume 5002 -o exports/ --overwrite replace"],
  cancel: ["outhaul cancel 5002"],
  jobs: ["outhaul jobs", "outhaul jobs forget 5002"],
  run: [
    "outhaul run exports.yaml --timeout 6h",
    "outhaul run exports.yaml --json >> exports.log",
    "outhaul run exports.yaml --again contacts",
  ],
  call: ["outhaul call <vendor> --help", "outhaul call <vendor> <operation> -o reply.json"],
  login: [
    "outhaul login <vendor>",
    "outhaul login <vendor> --profile eu",
    "outhaul login <vendor> < lines-of-credentials",
  ],
  logout: ["outhaul logout <vendor>", "outhaul logout <vendor> --profile eu"],
  whoami: ["outhaul whoami", "outhaul whoami <vendor> --json"],
  doctor: ["outhaul doctor <vendor>", "outhaul doctor <vendor> --profile eu"],
  sandbox: [
    "outhaul sandbox --size 20MB",
    "outhaul sandbox -- npm test",
    "outhaul sandbox <vendor> --port 8080 --polls 10",
  ],
  completion: [
    "source <(outhaul completion bash)",
    "outhaul completion fish > ~/.config/fish/completions/outhaul.fish",
    "outhaul completion pwsh | Out-String | Invoke-Expression",
  ],
  help: ["outhaul help run", "outhaul help <vendor> <export>"],
};

/** Adds commands to try to the help page of each command that has some. */
export function addExamples(program: Command): void {
  for (const command of program.commands) {
    const examples = EXAMPLES[command.name()];
    if (examples) command.addHelpText("after", `\n${exampleText(examples)}`);
  }
}

/** The part of a help page that shows commands to try. */
export function exampleText(commands: readonly string[]): string {
  return `${commands.length === 1 ? "Example:" : "Examples:"}\n${commands.map((line) => `  ${line}`).join("\n")}`;
}
