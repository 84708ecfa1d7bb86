import type { ByteSource } from "./byte-source.js";
import { rowFile } from "./row-file.js";
import type { Column } from "./rows.js";

/** A CSV file (RFC 4180). */
export function csvFile(
  columns: readonly Column[],
  { delimiter = ",", ...size }: { sizeBytes: number; seed: number; delimiter?: string },
): ByteSource {
  const quote = (text: string): string =>
    /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  return rowFile(
    {
      head: (all) => `${all.map(({ title }) => quote(title)).join(delimiter)}\n`,
      row: (cells) => `${cells.map(({ text }) => quote(text)).join(delimiter)}\n`,
      tail: (lastRow) => lastRow,
    },
    columns,
    size,
  );
}
