import { Help } from "commander";

/** The width that help is wrapped to: the terminal's, or one that is good to read in a file. */
export function helpWidth({ columns }: NodeJS.WriteStream): number {
  return columns || 100;
}

/** Wraps a text of a help page, which stands beside the parts that commander wraps by itself. */
export function wrapHelp(text: string, stream: NodeJS.WriteStream): string {
  return new Help().boxWrap(text, helpWidth(stream));
}
