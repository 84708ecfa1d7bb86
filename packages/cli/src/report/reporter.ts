import type { JobSnapshot, SavedFile } from "@outhaul/shared";
import type { Io } from "../terminal/io.js";
import { createLiveDisplay } from "./live-display.js";
import { type LineFacts, lineOf } from "./progress-line.js";

/** Something that happens to an export, as it is told to programs: one JSON object a line. */
export type CliEvent =
  | {
      readonly type: "started" | "resumed";
      readonly id: string;
      readonly token: string;
      readonly adopted?: boolean;
    }
  | {
      readonly type: "status";
      readonly id: string;
      readonly state: JobSnapshot["state"];
      readonly rawStatus?: string | undefined;
      readonly polls: number;
      readonly progress?: JobSnapshot["progress"] | undefined;
      readonly nextPollAt?: string | undefined;
    }
  | { readonly type: "pollFailed"; readonly id: string; readonly message: string; readonly streak: number }
  | {
      readonly type: "download";
      readonly bytes: number;
      readonly totalBytes?: number | undefined;
      readonly bytesPerSecond?: number | undefined;
      readonly etaMs?: number | undefined;
    }
  | {
      readonly type: "downloadRetry";
      readonly attempt: number;
      readonly waitMs: number;
      readonly message: string;
    }
  | ({ readonly type: "saved" } & Pick<SavedFile, "path" | "sizeBytes" | "sha256" | "integrity">)
  | { readonly type: "cancel"; readonly outcome: string }
  | { readonly type: "skipped"; readonly message: string }
  | {
      readonly type: "error";
      readonly code: string;
      readonly message: string;
      readonly exitCode: number;
      readonly token?: string | undefined;
    };

/** What an event belongs to. */
export interface Subject {
  /** The name of the export in a file of several; else vendor and workflow. */
  readonly name: string;
  readonly vendor: string;
  readonly workflow: string;
}

/** Tells of exports under way. */
export interface Reporter {
  tell(subject: Subject, event: CliEvent): void;
  /** A line for people, above what is shown of the exports; not with `--json`. */
  say(line: string): void;
  /** Leaves what it shows as it is. */
  done(): void;
}

/** How to tell: JSON lines on stdout; nothing; on a terminal a living line an export; elsewhere a line whenever something changes. */
export function createReporter(io: Io, { json, quiet }: { json?: boolean; quiet?: boolean }): Reporter {
  if (json) return jsonReporter(io);
  if (quiet) return { tell() {}, say() {}, done() {} };
  const isLive = io.stderr.isTTY === true && !io.env["CI"] && io.env["TERM"] !== "dumb";
  return isLive ? liveReporter(io) : plainReporter(io);
}

function jsonReporter(io: Io): Reporter {
  return {
    tell({ name, vendor, workflow }, event) {
      const { type, ...facts } = event;
      const line = { type, time: new Date().toISOString(), name, vendor, workflow, ...facts };
      io.stdout.write(`${JSON.stringify(line)}\n`);
    },
    say() {},
    done() {},
  };
}

/** How often a download is told of where no line can be written over. */
const PLAIN_INTERVAL_MS = 10_000;

function plainReporter(io: Io): Reporter {
  const facts = new Map<string, LineFacts>();
  const last = new Map<string, { key: string; at: number }>();
  return {
    tell(subject, event) {
      const now = Date.now();
      const next = advance(facts.get(subject.name), event, now);
      facts.set(subject.name, next);
      const before = last.get(subject.name);
      const isDue = event.type === "download" && now - (before?.at ?? 0) >= PLAIN_INTERVAL_MS;
      const key = `${next.state} ${next.problem ?? ""}`;
      if (before?.key === key && !isDue) return;
      last.set(subject.name, { key, at: now });
      io.stderr.write(`${lineOf(subject.name, next, now)}\n`);
    },
    say: (line) => void io.stderr.write(`${line}\n`),
    done() {},
  };
}

function liveReporter(io: Io): Reporter {
  const facts = new Map<string, LineFacts>();
  const display = createLiveDisplay(io.stderr, () =>
    [...facts].map(([name, fact]) => lineOf(name, fact, Date.now())),
  );
  return {
    tell(subject, event) {
      facts.set(subject.name, advance(facts.get(subject.name), event, Date.now()));
      display.draw();
    },
    say: (line) => display.above(line),
    done: () => display.done(),
  };
}

/** What a line says after an event. */
function advance(before: LineFacts | undefined, event: CliEvent, now: number): LineFacts {
  const base: LineFacts = before ?? { state: "starting", startedAt: now };
  switch (event.type) {
    case "started":
    case "resumed":
      return { ...base, state: event.type, id: event.id };
    case "status": {
      const { problem: _, ...rest } = base;
      const { state, polls, progress, nextPollAt } = event;
      return { ...rest, state, polls, progress, nextPollAt: nextPollAt ? Date.parse(nextPollAt) : undefined };
    }
    case "pollFailed":
      return { ...base, problem: `poll failed (${event.streak}): ${event.message}` };
    case "download": {
      const { problem: _, ...rest } = base;
      return { ...rest, state: "downloading", download: event };
    }
    case "downloadRetry":
      return {
        ...base,
        problem: `attempt ${event.attempt} broke off, next in ${Math.ceil(event.waitMs / 1000)} s`,
      };
    case "saved":
      return { ...base, state: "saved", endedAt: now, saved: event };
    case "cancel":
      return { ...base, problem: `cancel: ${event.outcome}` };
    case "skipped":
      return { ...base, state: "skipped", endedAt: now, problem: event.message };
    case "error":
      return { ...base, state: event.token ? "left" : "failed", endedAt: now, problem: event.code };
  }
}
