import type { Fault } from "@outhaul/sandbox";

/** Something that happens to an export. */
export interface Case {
  readonly what: string;
  readonly faults: readonly Fault[];
  /** How long the link to the file is good. The machine's clock counts. */
  readonly linkTtlMs?: number;
}

/** What the table of README.md tells of, from the start of an export to its file. */
export const cases: readonly Case[] = [
  { what: "nothing", faults: [] },
  { what: "the reply to the start is lost", faults: [{ kind: "lostReply" }] },
  {
    what: "a poll is told to wait: 429",
    faults: [{ kind: "error", on: "poll", status: 429, retryAfter: 1 }],
  },
  { what: "a poll meets a server that restarts: 503", faults: [{ kind: "error", on: "poll", status: 503 }] },
  { what: "the connection of a poll breaks", faults: [{ kind: "dropped", on: "poll" }] },
  { what: "a poll is answered with a page of HTML", faults: [{ kind: "html", on: "poll" }] },
  { what: "a poll is never answered", faults: [{ kind: "hang", on: "poll" }] },
  { what: "the export fails at the vendor", faults: [{ kind: "outcome", outcome: "failed" }] },
  { what: "the connection breaks in the file", faults: [{ kind: "cutConnection" }] },
  { what: "the file ends early, and cleanly", faults: [{ kind: "truncatedBody" }] },
  { what: "a sign-in page comes instead of the file", faults: [{ kind: "html" }] },
  {
    what: "the connection breaks in the file, and its link has expired by then",
    faults: [{ kind: "cutConnection", bytesPerSecond: 60_000 }],
    linkTtlMs: 2000,
  },
  {
    what: "the file changes while it is fetched",
    faults: [{ kind: "cutConnection" }, { kind: "changedFile", skip: 1 }],
  },
];
