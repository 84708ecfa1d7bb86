import type { ByteSource } from "./byte-source.js";
import { rowFile } from "./row-file.js";
import type { Column } from "./rows.js";

/** A JSON file: a list of objects. */
export function jsonFile(columns: readonly Column[], size: { sizeBytes: number; seed: number }): ByteSource {
  return rowFile(
    {
      head: () => "[\n",
      row: (cells, all) => {
        const fields = cells.map(({ text, isNumber }, index) => {
          const value = isNumber ? text : JSON.stringify(text);
          return `${JSON.stringify(all[index]?.title ?? "")}:${value}`;
        });
        return `{${fields.join(",")}},\n`;
      },
      tail: (lastRow) => `${lastRow.replace(/,\n$/, "\n")}]\n`,
    },
    columns,
    size,
  );
}
