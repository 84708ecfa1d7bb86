/** The anchor of a heading, as GitHub makes it. */
export function slugOf(heading: string): string {
  return heading
    .replace(/<[^<>]*>/g, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}

/** The anchors of a page: its headings, and the ids that stand in it. */
export function anchorsOf(markdown: string): Set<string> {
  const prose = withoutCode(markdown);
  return new Set([
    ...[...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => slugOf(heading)),
    ...[...prose.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id),
  ]);
}

/** A page without its blocks of code. */
export function withoutCode(markdown: string): string {
  return markdown.replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1/gm, "");
}
