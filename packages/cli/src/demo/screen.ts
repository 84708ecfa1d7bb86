import { Help } from "commander";
import pc from "picocolors";
import type { Io } from "../terminal/io.js";
import { createLiveDisplay, type LiveDisplay } from "../terminal/live-display.js";
import { printStyledLine } from "../terminal/print.js";

/** What the demo writes: steps, code, results and bars. */
export interface Screen {
  title(text: string): void;
  step(text: string): void;
  /** Lines of code, or of a shell after `$`. */
  code(lines: readonly string[]): void;
  good(text: string): void;
  bad(text: string): void;
  plain(text: string): void;
  /** A text behind a short name. */
  named(name: string, text: string): void;
  /** Shows a bar; on a terminal it moves, in a log its last state is a line. Anything else that is written ends it. */
  bar(bar: Bar): void;
  /** Stops moving. */
  close(): void;
}

/** How far something is. */
export interface Bar {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly detail: string;
}

const MAX_WIDTH = 100;
const MIN_WIDTH = 40;

/** Creates the demo's screen on stdout. */
export function createScreen({ stdout, env }: Io): Screen {
  const isLive = stdout.isTTY === true && !env["CI"] && env["TERM"] !== "dumb";
  const width = () => Math.max(MIN_WIDTH, Math.min(stdout.columns || 80, MAX_WIDTH)) - 1;
  let live: LiveDisplay | undefined;
  let current: Bar | undefined;

  function endBar(): void {
    live?.close();
    if (!live && current) printStyledLine(stdout, barLine(current, width()));
    live = undefined;
    current = undefined;
  }

  /** Writes a text in lines that fit, the further ones indented like the first one's text. */
  function write(mark: string, text: string, style: (line: string) => string = (line) => line): void {
    endBar();
    const wrapped = new Help().boxWrap(text, width() - mark.length).split("\n");
    for (const [index, line] of wrapped.entries())
      printStyledLine(stdout, style((index === 0 ? mark : " ".repeat(mark.length)) + line));
  }

  return {
    title: (text) => write("", text, pc.bold),
    step(text) {
      write("", "");
      write("", text, pc.bold);
    },
    code(lines) {
      endBar();
      for (const line of lines) printStyledLine(stdout, `  ${pc.dim("│")} ${pc.cyan(line)}`);
    },
    good: (text) => write("  ✓ ", text, pc.green),
    bad: (text) => write("  ✗ ", text, pc.red),
    plain: (text) => write("    ", text),
    named: (name, text) => write(`    ${name.padEnd(8)}`, text),
    bar(bar) {
      if (current && current.label !== bar.label) endBar();
      current = bar;
      if (!isLive) return;
      live ??= createLiveDisplay(stdout, () => (current ? [barLine(current, width())] : []));
      live.render();
    },
    close: endBar,
  };
}

/** A bar that takes what the words leave of the width. */
function barLine({ label, share, detail }: Bar, width: number): string {
  const words = `${`${Math.round(share * 100)}`.padStart(4)} %  ${detail}`;
  const left = `    ${label.padEnd(11)}  `;
  const room = Math.max(5, Math.min(40, width - left.length - 7 - 20));
  const full = Math.round(Math.max(0, Math.min(1, share)) * room);
  return `${left}${pc.cyan("█".repeat(full))}${pc.dim("░".repeat(room - full))}${words}`;
}
