import type { ByteSource } from "./byte-source.js";
import { type Cell, COUNTER, type Column, createRowSource } from "./rows.js";

/** The syntax of a file of rows: its head, its rows and its tail follow each other. */
export interface RowSyntax {
  head(columns: readonly Column[]): string;
  row(cells: readonly Cell[], columns: readonly Column[]): string;
  /** The end of the file, which may contain one more row. */
  tail(lastRow: string): string;
}

/** Large enough for 100 MB/s, small beside the memory of a process. */
const BLOCK_BYTES = 128 * 1024;

/**
 * A file of rows of about the given size: it ends with the row that reaches the size. One block of rows is made; the others are copies of it with other row
 * numbers, so a gigabyte takes no longer than copying it.
 */
export function rowFile(
  syntax: RowSyntax,
  columns: readonly Column[],
  { sizeBytes, seed }: { sizeBytes: number; seed: number },
): ByteSource {
  const encoder = new TextEncoder();
  const nextRow = createRowSource(columns, seed);
  const head = encoder.encode(syntax.head(columns));
  const lastRow = syntax.row(nextRow(), columns);
  const tail = encoder.encode(syntax.tail(lastRow));
  const wanted = Math.max(sizeBytes - head.length - tail.length, 0);

  let text = "";
  const ends: number[] = [];
  const counters: number[] = [];
  while (text.length < Math.min(wanted, BLOCK_BYTES)) {
    const row = syntax.row(nextRow(), columns);
    counters.push(text.length + row.indexOf(COUNTER));
    text += row;
    ends.push(text.length);
  }
  // Characters are bytes unless a row contains a column title that is not ASCII.
  const block = encoder.encode(text);
  if (block.length !== text.length) measureBytes(text, ends, counters, encoder);

  const whole = block.length > 0 ? Math.floor(wanted / block.length) : 0;
  const rest = wanted - whole * block.length;
  const restRows = rest > 0 ? ends.findIndex((end) => end >= rest) + 1 : 0;
  const restBytes = restRows > 0 ? (ends[restRows - 1] ?? 0) : 0;

  return {
    sizeBytes: head.length + whole * block.length + restBytes + tail.length,
    *chunks() {
      yield head;
      for (let index = 0; index <= whole; index++) {
        const rows = index < whole ? counters.length : restRows;
        if (rows === 0) break;
        const copy = block.slice(0, index < whole ? block.length : restBytes);
        for (let row = 0; row < rows; row++) {
          // `rows` is at most the length of the list.
          writeNumber(copy, counters[row] as number, index * counters.length + row + 1);
        }
        yield copy;
      }
      const last = whole * counters.length + restRows + 1;
      yield encoder.encode(syntax.tail(lastRow.replace(COUNTER, String(last).padStart(COUNTER.length, "0"))));
    },
  };
}

/** Writes a number in the ten digits of a counter. */
function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  let left = number;
  for (let place = at + COUNTER.length - 1; place >= at; place--) {
    const next = Math.floor(left / 10);
    bytes[place] = 48 + left - next * 10;
    left = next;
  }
}

/** Replaces positions in the text by positions in its bytes. */
function measureBytes(text: string, ends: number[], counters: number[], encoder: TextEncoder): void {
  let [from, bytes] = [0, 0];
  for (const [index, end] of [...ends].entries()) {
    const row = text.slice(from, end);
    counters[index] = bytes + encoder.encode(row.slice(0, row.indexOf(COUNTER))).length;
    bytes += encoder.encode(row).length;
    ends[index] = bytes;
    from = end;
  }
}
