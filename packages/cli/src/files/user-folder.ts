import { homedir } from "node:os";
import { join } from "node:path";

/** The program's folder among those of the user (XDG Base Directory Specification): by the variables that a command was given, not by those of the process. */
export function userFolder(
  kind: "config" | "state",
  { env, cwd }: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): string {
  const set = env[kind === "config" ? "XDG_CONFIG_HOME" : "XDG_STATE_HOME"];
  if (set) return join(set, "outhaul");
  const home = (process.platform !== "win32" && env["HOME"]) || homedir();
  return join(home || cwd, home ? (kind === "config" ? ".config" : ".local/state") : "", "outhaul");
}
