import type { Command } from "commander";

/** Adds `--profile`, which names an account beside the user's first one. */
export function addProfileFlag(command: Command, group?: string): void {
  const option = command.createOption(
    "--profile <name>",
    "an account beside your first one: outhaul login <vendor> --profile <name> (or OUTHAUL_PROFILE)",
  );
  command.addOption(group === undefined ? option : option.helpGroup(group));
}
