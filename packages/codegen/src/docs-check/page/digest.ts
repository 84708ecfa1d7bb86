import { createHash } from "node:crypto";

/**
 * A digest of a text's words. What a new layout changes does not count: blanks and lines, the signs of lists and tables, the shape of quotes and dashes;
 * nor do times, UUIDs and long hex ids in a sample that is made anew with each build of the page.
 */
export function digestOf(text: string): string {
  const words = text
    .normalize("NFKC")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?/g, (time) => time.replace(/\d/g, "0"))
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32,}\b/gi, "0")
    .replace(/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, "0")
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐-―−]/g, "-")
    .split("\n")
    .map((line) => line.replace(/^\s*([•◦▪‣·*–-]|\d+[.)])\s+/, ""))
    .join("")
    .replace(/[\s|•¶]+/g, "");
  return createHash("sha256").update(words).digest("hex").slice(0, 16);
}
