import { showOnOneLine } from "../terminal/controls.js";
import type { Io } from "../terminal/io.js";
import { createLiveDisplay } from "../terminal/live-display.js";
import { printJson, printLine, printStyledLine } from "../terminal/print.js";
import type { CliEvent, Subject } from "./event.js";
import { applyEvent, type ExportProgress } from "./progress.js";
import { layoutOf, progressLine } from "./progress-line.js";

/** Shows the events of running exports. */
export interface Reporter {
  report(subject: Subject, event: CliEvent): void;
  /** Prints a line for people. With `--json` it prints nothing. */
  print(line: string): void;
  /** Tells that a request waits for a limit of the vendor, or for its turn. */
  waits(wait: { type: string; vendor: string; workflow?: string | undefined }, message: string): void;
  /** Prints a line that was asked for, on stderr, whatever else is shown. */
  trace(line: string): void;
  /** Stops updating, and leaves the last lines on the screen. */
  close(): void;
}

/**
 * Chooses a reporter: JSON lines on stdout with `--json`, nothing with `--quiet`, live lines on a terminal, and otherwise a new line whenever a state
 * changes, and once a minute while it does not.
 */
export function createReporter(io: Io, { json, quiet }: { json?: boolean; quiet?: boolean }): Reporter {
  if (json) return jsonReporter(io);
  if (quiet)
    return { report() {}, print() {}, waits() {}, trace: (line) => printLine(io.stderr, line), close() {} };
  const isLive = io.stderr.isTTY === true && !io.env["CI"] && io.env["TERM"] !== "dumb";
  return isLive ? liveReporter(io) : plainReporter(io);
}

function jsonReporter(io: Io): Reporter {
  return {
    report({ name, vendor, workflow }, event) {
      const { type, ...facts } = event;
      const line = { type, time: new Date().toISOString(), name, vendor, workflow, ...facts };
      printJson(io.stdout, line);
    },
    print() {},
    waits({ type, ...facts }, message) {
      printJson(io.stdout, { type, time: new Date().toISOString(), ...facts, message });
    },
    trace: (line) => printLine(io.stderr, line),
    close() {},
  };
}

/** The least time between two lines about one export in which nothing changes but a figure. */
const PLAIN_INTERVAL_MS: Partial<Record<CliEvent["type"], number>> = {
  download: 10_000,
  poll: 60_000,
  status: 60_000,
};

function plainReporter(io: Io): Reporter {
  const exports = new Map<string, ExportProgress>();
  const printed = new Map<string, { key: string; at: number }>();
  return {
    report(subject, event) {
      const now = Date.now();
      const progress = applyEvent(exports.get(subject.name), event, now);
      exports.set(subject.name, progress);
      if (event.type === "started") printLine(io.stderr, tokenLine(subject, event.token));
      const last = printed.get(subject.name);
      const isDue = now - (last?.at ?? 0) >= (PLAIN_INTERVAL_MS[event.type] ?? Number.POSITIVE_INFINITY);
      const key = `${progress.state} ${progress.problem ?? ""}`;
      if (last?.key === key && !isDue) return;
      printed.set(subject.name, { key, at: now });
      printStyledLine(io.stderr, progressLine(subject.name, progress, now, layoutOf(exports)));
    },
    print: (line) => printLine(io.stderr, line),
    waits: (_, message) => printLine(io.stderr, showOnOneLine(message)),
    trace: (line) => printLine(io.stderr, line),
    close() {},
  };
}

/** The line that tells a token as soon as there is one, whatever becomes of the disk and this process. */
function tokenLine({ name }: Subject, token: string): string {
  return `${showOnOneLine(name)}  token  ${token}`;
}

function liveReporter(io: Io): Reporter {
  const exports = new Map<string, ExportProgress>();
  const display = createLiveDisplay(io.stderr, () => {
    const layout = layoutOf(exports, (io.stderr.columns || 80) - 1);
    return [...exports].map(([name, progress]) => progressLine(name, progress, Date.now(), layout));
  });
  return {
    report(subject, event) {
      exports.set(subject.name, applyEvent(exports.get(subject.name), event, Date.now()));
      if (event.type === "started") display.printAbove(tokenLine(subject, event.token));
      display.render();
    },
    print: (line) => display.printAbove(line),
    waits: (_, message) => display.printAbove(showOnOneLine(message)),
    trace: (line) => display.printAbove(line),
    close: () => display.close(),
  };
}
