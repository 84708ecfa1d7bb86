/** Replaces each row of blanks and line breaks by one blank. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
