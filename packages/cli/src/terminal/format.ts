import { showOnOneLine } from "./controls.js";

/** Formats a number of bytes: 1234567 is `1.23 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  for (const unit of ["B", "kB", "MB"]) {
    if (value < 999.5) return `${unit === "B" ? Math.round(value) : value.toPrecision(3)} ${unit}`;
    value /= 1000;
  }
  return `${value.toPrecision(3)} GB`;
}

/** Formats rows under their headings; each column is as wide as its longest cell. */
export function formatTable(headings: readonly string[], contents: readonly (readonly string[])[]): string {
  const rows = contents.map((row) => row.map(showOnOneLine));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(headings), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}
