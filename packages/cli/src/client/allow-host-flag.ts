import type { Command } from "commander";

/** Adds `--allow-host`, which names a host that may have the credentials. It can be repeated. */
export function addAllowHostFlag(command: Command, group?: string): void {
  const option = command.createOption(
    "--allow-host <host>",
    "send the credentials to this host, where an option leads to another than the vendor's (repeatable)",
  );
  option.argParser((host, before?: readonly string[]) => [...(before ?? []), host]);
  command.addOption(group === undefined ? option : option.helpGroup(group));
}
