/** The text without its line breaks. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
