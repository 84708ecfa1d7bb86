import type { Answer } from "./server.js";

/** Something that happens to a file on its way. */
export interface Case {
  readonly what: string;
  /** What the server does with the requests of one program. */
  readonly answer: Answer;
  /** The program's key goes into this header. */
  readonly keyHeader?: "authorization" | "x-api-key";
  /** The system lets the program write no more of a file than this. */
  readonly fileBytes?: number;
  /** The program is killed when the server has stopped in the middle: before that, or before it is run once more. */
  readonly kill?: "and look" | "and run again";
}

/** The rows of the table of docs/comparison.md. */
export const cases: readonly Case[] = [
  { what: "nothing", answer: ({ file }) => file },
  { what: "the server says 429, once", answer: ({ file, times, busy }) => (times === 1 ? busy : file) },
  {
    what: "the connection is reset at 40 %",
    answer: ({ file, times, reset }) => (times === 1 ? reset : file),
  },
  {
    what: "the connection is closed at 40 %",
    answer: ({ file, times, closed }) => (times === 1 ? closed : file),
  },
  {
    what: "the same, and the server knows no ranges",
    answer: ({ times, closed, withoutRanges, whole }) => withoutRanges(times === 1 ? closed : whole),
  },
  {
    what: "a chunked body ends without its last chunk",
    answer: ({ times, withoutRanges, halfOfChunks, whole }) =>
      withoutRanges(times === 1 ? halfOfChunks : whole),
  },
  {
    what: "the same, after `Connection: close`",
    answer: ({ times, withoutRanges, halfOfLastChunks, whole }) =>
      withoutRanges(times === 1 ? halfOfLastChunks : whole),
  },
  {
    what: "the connection is reset, and the link has expired by then",
    answer: ({ file, times, reset, link, expired }) => (times === 1 ? reset : link === 1 ? expired : file),
  },
  {
    what: "the connection is reset, and the file is another one by then",
    answer: ({ times, reset, changed }) => (times === 1 ? reset : changed),
  },
  { what: "a sign-in page comes, with the code 200", answer: ({ page }) => page },
  {
    what: "a redirect to another host, the key in `X-Api-Key`",
    answer: ({ elsewhere }) => elsewhere,
    keyHeader: "x-api-key",
  },
  {
    what: "a redirect to another host, the key in `Authorization`",
    answer: ({ elsewhere }) => elsewhere,
    keyHeader: "authorization",
  },
  { what: "the disk is full at 50 %", answer: ({ file }) => file, fileBytes: 200_000 },
  { what: "the program is killed at 40 %", answer: ({ hang }) => hang, kill: "and look" },
  {
    what: "killed at 40 %, and run again",
    answer: ({ times, hang, file }) => (times === 1 ? hang : file),
    kill: "and run again",
  },
  {
    what: "killed at 40 %, and run again when the file is another one",
    answer: ({ times, hang, changed }) => (times === 1 ? hang : changed),
    kill: "and run again",
  },
];
