import { escapeJson, showControls, showControlsOfStyled } from "./controls.js";

/** A stream that lines are printed to. */
export type Output = Pick<NodeJS.WriteStream, "write">;

/** Prints a line, or several. Control characters are shown, so that no text of a vendor, a file or an argument steers the terminal. */
export function printLine(output: Output, text: string): void {
  output.write(`${showControls(text)}\n`);
}

/** Prints text that ends as it is. Control characters are shown. */
export function printText(output: Output, text: string): void {
  output.write(showControls(text));
}

/** Prints a line with styles of this program; other control characters are shown. Foreign parts must be shown before they are styled. */
export function printStyledLine(output: Output, line: string): void {
  output.write(`${showControlsOfStyled(line)}\n`);
}

/** Prints a value as JSON. Control characters are escaped as JSON does it, also those that JSON allows. */
export function printJson(output: Output, value: unknown, indent?: number): void {
  output.write(`${escapeJson(JSON.stringify(value, null, indent))}\n`);
}
