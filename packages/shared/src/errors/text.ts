/** At most 200 characters, on one line. */
export function short(text: string): string {
  const line = text.slice(0, 2000).replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** The words of an HTML page. */
export function plainText(text: string): string {
  return text
    .slice(0, 20_000)
    .replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, " ")
    .replace(/<[^<>]*>/g, " ");
}
