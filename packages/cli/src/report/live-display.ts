import { createLogUpdate } from "log-update";

/** Lines on a terminal that are written over. */
export interface LiveDisplay {
  draw(): void;
  /** Writes a line that stays, above. */
  above(line: string): void;
  done(): void;
}

/** Draws what `lines` gives, at once and every second, in the width that the terminal has then. */
export function createLiveDisplay(stream: NodeJS.WriteStream, lines: () => readonly string[]): LiveDisplay {
  // The cursor stays: a program that is killed could not bring it back.
  const update = createLogUpdate(stream, { showCursor: true });
  const draw = () =>
    update(
      lines()
        .map((line) => cut(line, (stream.columns || 80) - 1))
        .join("\n"),
    );
  const timer = setInterval(draw, 1000);
  timer.unref();
  stream.on("resize", draw);
  return {
    draw,
    above(line) {
      update.clear();
      stream.write(`${line}\n`);
      draw();
    },
    done() {
      clearInterval(timer);
      stream.off("resize", draw);
      draw();
      update.done();
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin what colours a text
const STYLE = /\u001B\[\d+m/y;

/** The text without what is beyond so many columns; its colours end with it. */
function cut(text: string, columns: number): string {
  let out = "";
  let width = 0;
  for (let at = 0; at < text.length; ) {
    STYLE.lastIndex = at;
    const style = STYLE.exec(text)?.[0];
    if (style) {
      out += style;
      at += style.length;
      continue;
    }
    if (width++ < columns) out += text[at];
    at++;
  }
  return out;
}
