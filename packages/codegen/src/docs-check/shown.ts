/** The longest line of a page that is shown, in characters. */
const MAX_LINE = 400;
/** The most lines of one difference that are shown. */
const MAX_LINES = 80;

/** A text of a page as it may be shown: signs that steer a terminal or turn the direction of text are written out, and a long line is cut. */
export function shown(text: string): string {
  const line = text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}… (${line.length} characters)` : line;
}

/** The lines of a difference as they may be shown; of very many, the first. */
export function shownLines(diff: string): string[] {
  const lines = diff.split("\n");
  const rest = lines.length - MAX_LINES;
  return [...lines.slice(0, MAX_LINES).map(shown), ...(rest > 0 ? [`… and ${rest} lines more`] : [])];
}
