import { createLogUpdate } from "log-update";
import { printLine } from "./print.js";

/** Lines on a terminal that are rewritten in place. */
export interface LiveDisplay {
  render(): void;
  /** Writes a permanent line above the live ones. */
  printAbove(line: string): void;
  /** Renders once more and leaves the lines on the screen. */
  close(): void;
}

/** Renders what `lines` returns, now and every second, truncated to the terminal's width. */
export function createLiveDisplay(stream: NodeJS.WriteStream, lines: () => readonly string[]): LiveDisplay {
  // A hidden cursor would stay hidden if the program is killed.
  const update = createLogUpdate(stream, { showCursor: true });
  const render = () =>
    update(
      lines()
        .map((line) => truncate(line, (stream.columns || 80) - 1))
        .join("\n"),
    );
  const timer = setInterval(render, 1000);
  timer.unref();
  stream.on("resize", render);
  return {
    render,
    printAbove(line) {
      update.clear();
      printLine(stream, line);
      render();
    },
    close() {
      clearInterval(timer);
      stream.off("resize", render);
      render();
      update.done();
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a style sequence begins with ESC
const STYLE = /\u001B\[\d+m/y;

/** Truncates a line to a number of columns; style sequences take none and are all kept. */
function truncate(line: string, columns: number): string {
  let out = "";
  let width = 0;
  for (let at = 0; at < line.length; ) {
    STYLE.lastIndex = at;
    const style = STYLE.exec(line)?.[0];
    if (style) {
      out += style;
      at += style.length;
      continue;
    }
    if (width++ < columns) out += line[at];
    at++;
  }
  return out;
}
