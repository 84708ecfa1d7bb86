import { type Cell, COUNTER, type Column, rowMaker } from "./rows.js";

/** Bytes of a known number, made anew each time they are asked for. */
export interface ByteSource {
  readonly sizeBytes: number;
  chunks(): Iterable<Uint8Array>;
}

/** How rows are written down. Each piece ends where the next one begins. */
export interface RowSyntax {
  head(columns: readonly Column[]): string;
  row(cells: readonly Cell[], columns: readonly Column[]): string;
  /** The end, which may hold one more row. */
  tail(lastRow: string): string;
}

/** Large enough for a hundred million bytes a second, small enough to be nothing beside a process. */
const BLOCK_BYTES = 128 * 1024;

/**
 * A file of rows that is about so big: it ends with the row that reaches the size. A block of rows is made once; every further block is a copy of it with other
 * row numbers, so that gigabytes come as fast as memory is copied.
 */
export function rowFile(
  syntax: RowSyntax,
  columns: readonly Column[],
  { sizeBytes, seed }: { sizeBytes: number; seed: number },
): ByteSource {
  const encoder = new TextEncoder();
  const makeRow = rowMaker(columns, seed);
  const head = encoder.encode(syntax.head(columns));
  const lastRow = syntax.row(makeRow(), columns);
  const tail = encoder.encode(syntax.tail(lastRow));
  const wanted = Math.max(sizeBytes - head.length - tail.length, 0);

  let text = "";
  const ends: number[] = [];
  const counters: number[] = [];
  while (text.length < Math.min(wanted, BLOCK_BYTES)) {
    const row = syntax.row(makeRow(), columns);
    counters.push(text.length + row.indexOf(COUNTER));
    text += row;
    ends.push(text.length);
  }
  // Rows are ASCII unless a column's title in them is not: then the marks are looked for in the bytes.
  const block = encoder.encode(text);
  if (block.length !== text.length) remeasure(text, ends, counters, encoder);

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
          // Inside the list: `rows` is at most its length.
          writeNumber(copy, counters[row] as number, index * counters.length + row + 1);
        }
        yield copy;
      }
      const last = whole * counters.length + restRows + 1;
      yield encoder.encode(syntax.tail(lastRow.replace(COUNTER, String(last).padStart(COUNTER.length, "0"))));
    },
  };
}

function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  let left = number;
  for (let place = at + COUNTER.length - 1; place >= at; place--) {
    const next = Math.floor(left / 10);
    bytes[place] = 48 + left - next * 10;
    left = next;
  }
}

function remeasure(text: string, ends: number[], counters: number[], encoder: TextEncoder): void {
  let [from, bytes] = [0, 0];
  for (const [index, end] of [...ends].entries()) {
    const row = text.slice(from, end);
    counters[index] = bytes + encoder.encode(row.slice(0, row.indexOf(COUNTER))).length;
    bytes += encoder.encode(row).length;
    ends[index] = bytes;
    from = end;
  }
}
