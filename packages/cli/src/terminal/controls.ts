/**
 * Control characters that a terminal obeys: C0 without tab and newline, DEL, C1, and the marks that turn the direction of text or end a line (Unicode UAX #9,
 * UAX #14).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a style sequence begins with ESC
const STYLE = /(\u001B\[\d+m)/;

/** Shows control characters instead of passing them on: ESC becomes `\x1b`. Tabs and newlines stay. */
export function showControls(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/** Shows control characters, tabs and newlines, so that a foreign text stays within its line. */
export function showOnOneLine(text: string): string {
  return showControls(text.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
}

/** Shows control characters, but keeps the sequences of colours and weights. */
export function showControlsOfStyled(text: string): string {
  return text
    .split(STYLE)
    .map((part, index) => (index % 2 ? part : showControls(part)))
    .join("");
}

/** Escapes the control characters that JSON leaves as they are. The text stays the same JSON. */
export function escapeJson(json: string): string {
  // The newlines and tabs of indented JSON are no part of the pattern.
  return json.replace(CONTROL, (character) => `\\u${hex(character.charCodeAt(0), 4)}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
