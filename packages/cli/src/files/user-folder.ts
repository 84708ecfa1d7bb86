import { homedir } from "node:os";
import { join } from "node:path";

/** The variables of the XDG Base Directory Specification, and where the folders are without them. */
const FOLDERS = {
  config: ["XDG_CONFIG_HOME", ".config"],
  state: ["XDG_STATE_HOME", ".local/state"],
} as const;

/** The program's folder among those of the user, by the variables that a command was given and not by those of the process. */
export function userFolder(
  kind: keyof typeof FOLDERS,
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
): string {
  const [variable, below] = FOLDERS[kind];
  const home = (process.platform !== "win32" && env["HOME"]) || homedir();
  return join(env[variable] || join(home, below), "outhaul");
}
