import logUpdate from "log-update";
import type { Progress } from "./run-export.js";

/** Shows how far each export is. */
export interface Display {
  tell(name: string, progress: Progress): void;
  /** Leaves what it shows as it is. */
  done(): void;
}

/** On a terminal one living line an export; elsewhere a plain line whenever a state changes. */
export function createDisplay(
  names: readonly string[],
  { isTTY, columns }: { isTTY: boolean; columns: number },
): Display {
  const width = Math.max(...names.map((name) => name.length));
  const lines = new Map(names.map((name) => [name, ""]));
  const states = new Map<string, string>();
  const text = (name: string, { state, polls, detail }: Progress): string => {
    const polled = polls ? `${polls} poll${polls === 1 ? "" : "s"}` : "";
    return `${name.padEnd(width)}  ${state.padEnd(11)}  ${polled.padEnd(8)}  ${detail}`.trimEnd();
  };
  return {
    tell(name, progress) {
      const line = text(name, progress);
      if (!isTTY) {
        if (states.get(name) !== progress.state) console.log(line);
        states.set(name, progress.state);
        return;
      }
      lines.set(name, line.slice(0, columns - 1));
      logUpdate([...lines.values()].join("\n"));
    },
    done() {
      if (isTTY) logUpdate.done();
    },
  };
}
