import { DownloadError } from "../errors/download-error.js";

/** How parts become one file: CSV with one heading row, lines one after the other, or a single part as it is. */
export type JoinKind = "csv" | "lines" | "one";

/** What has to be remembered between two parts. */
export interface JoinState {
  /** The heading row, without its line end, one character a byte; absent until a part has one. */
  heading?: string | undefined;
  /** How the heading row ends. */
  lineEnd?: string | undefined;
  /** The last byte that was written. */
  last?: number | undefined;
}

/** Joins parts, byte by byte as they are, but for repeated heading rows and byte order marks, and line ends that are missing between parts. */
export interface Joiner {
  readonly state: JoinState;
  /** Takes the next bytes of a part; returns those that are the file's. */
  push(chunk: Uint8Array): Uint8Array[];
  /** Ends a part. */
  end(): Uint8Array[];
}

const [QUOTE, LF, CR] = [0x22, 0x0a, 0x0d];
const NOTHING = new Uint8Array();
/** Gives each byte a character of its own. */
const BYTES = new TextDecoder("latin1");

/** Longer than any heading row. */
const MAX_HEADING_BYTES = 1024 * 1024;

/** @param before the state after the parts that were joined by an earlier run */
export function createJoiner(kind: JoinKind, before: JoinState = {}): Joiner {
  const state = { ...before };
  /** How many parts have ended; for errors. */
  let part = 1;
  /** The beginning of a part, until its heading row is whole. */
  let head: Uint8Array | undefined = NOTHING;
  let scan: Scan = { at: 0, isQuoted: false };
  /** True until a part has written a byte. */
  let isNewPart = true;

  function write(bytes: Uint8Array): Uint8Array[] {
    if (bytes.length === 0) return [];
    const isOpen = isNewPart && state.last !== undefined && state.last !== LF && state.last !== CR;
    isNewPart = false;
    state.last = bytes[bytes.length - 1];
    return isOpen ? [new TextEncoder().encode(state.lineEnd || "\n"), bytes] : [bytes];
  }

  /** Decides what of the beginning of a part is the file's; `undefined` until enough of it is there. */
  function readHead(bytes: Uint8Array, isEnd: boolean): Uint8Array[] | undefined {
    if (kind === "one") return write(bytes);
    if (bytes.length < 3 && !isEnd) return undefined;
    const content = withoutMark(bytes);
    const isFirst = state.last === undefined;
    if (content.length === 0) return isEnd ? [] : undefined;
    if (kind === "lines") return write(isFirst ? bytes : content);
    const end = endOfRow(content, scan, isEnd);
    if (!end) {
      if (content.length > MAX_HEADING_BYTES)
        throw notJoined(`part ${part} has no heading row of less than ${MAX_HEADING_BYTES} bytes`);
      return undefined;
    }
    const heading = BYTES.decode(content.subarray(0, end.at));
    if (state.heading === undefined) {
      state.heading = heading;
      state.lineEnd = new TextDecoder().decode(content.subarray(end.at, end.next));
      return write(bytes);
    }
    if (heading !== state.heading)
      throw notJoined(`the heading row of part ${part} is not that of the parts before it`);
    state.lineEnd ||= new TextDecoder().decode(content.subarray(end.at, end.next));
    return write(content.subarray(end.next));
  }

  return {
    state,
    push(chunk) {
      if (!head) return write(chunk);
      head = appended(head, chunk);
      const written = readHead(head, false);
      if (written) head = undefined;
      return written ?? [];
    },
    end() {
      const written = head && head.length > 0 ? (readHead(head, true) ?? []) : [];
      head = NOTHING;
      scan = { at: 0, isQuoted: false };
      isNewPart = true;
      part++;
      return written;
    },
  };
}

function appended(head: Uint8Array, chunk: Uint8Array): Uint8Array {
  const both = new Uint8Array(head.length + chunk.length);
  both.set(head);
  both.set(chunk, head.length);
  return both;
}

/** How far a row was looked at. */
interface Scan {
  at: number;
  isQuoted: boolean;
}

/** Where the first row ends, and where the next one begins. RFC 4180: line ends within quotes belong to the row. */
function endOfRow(
  bytes: Uint8Array,
  scan: Scan,
  isEnd: boolean,
): { readonly at: number; readonly next: number } | undefined {
  for (; scan.at < bytes.length; scan.at++) {
    const { at } = scan;
    const byte = bytes[at];
    if (byte === QUOTE) scan.isQuoted = !scan.isQuoted;
    if (scan.isQuoted) continue;
    if (byte === LF) return { at, next: at + 1 };
    if (byte !== CR) continue;
    if (at + 1 === bytes.length && !isEnd) return undefined; // the next byte may belong to the line end
    return { at, next: bytes[at + 1] === LF ? at + 2 : at + 1 };
  }
  return isEnd ? { at: bytes.length, next: bytes.length } : undefined;
}

/** The bytes behind a byte order mark. @throws {@link DownloadError} for UTF-16, whose line ends are other bytes */
function withoutMark(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw notJoined("the parts are UTF-16");
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

/** The error of parts that are not joined, with what helps. */
export function notJoined(problem: string): DownloadError {
  return new DownloadError(
    "UNEXPECTED_CONTENT",
    `download: ${problem}, so they cannot be joined; save them with parts: "apart"`,
  );
}

/** True if a value may be the state that an earlier run left. */
export function isJoinState(value: unknown): value is JoinState {
  const { heading = "", lineEnd = "", last = 0 } = Object(value) as Record<string, unknown>;
  return typeof heading === "string" && typeof lineEnd === "string" && typeof last === "number";
}
