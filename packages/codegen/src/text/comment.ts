/** Writes a TSDoc comment of one or more paragraphs. Empty ones are left out. */
export function comment(...paragraphs: (string | undefined)[]): string {
  const texts = paragraphs.flatMap((text) => (text?.trim() ? [text.trim().replaceAll("*/", "*\\/")] : []));
  const lines = texts.flatMap((text, index) => [
    ...(index > 0 && !text.startsWith("@") ? [""] : []),
    ...(text.startsWith("@example")
      ? text.split("\n") // code keeps its lines
      : text.split("\n").flatMap((line) => wrap(line.trim(), 105))),
  ]);
  if (lines.length <= 1) return lines.length === 0 ? "" : `/** ${lines[0]} */`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */`;
}

/** Adds a full stop to a text that does not end with one. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?:)]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Breaks a line between words, but not in `code` or `@see`. */
function wrap(text: string, width: number): string[] {
  if (text.startsWith("@see")) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/(?:`[^`]*`|[^\s`]|`)+/g) ?? []) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
