import type { ClientEvent, LimitedEvent, TurnEvent } from "@outhaul/shared";
import { formatDuration } from "../terminal/duration.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";

/** Where a command tells what its client does. */
interface Teller {
  /** Called with what keeps a request from being sent: a limit, or its turn. */
  waits(event: LimitedEvent | TurnEvent, message: string): void;
  /** Prints a line of `--verbose`. */
  trace(line: string): void;
}

/** What a client calls with its events: waits are told, so that nothing looks hung, and with `--verbose` everything is. */
export function tellTo(teller: Teller, { verbose }: { verbose?: boolean }): (event: ClientEvent) => void {
  return (event) => {
    if (event.type === "limited" || event.type === "turn") teller.waits(event, waitOf(event));
    if (verbose) teller.trace(traceLine(event, new Date()));
  };
}

/** Tells on stderr, for commands that show no progress. */
export function onStderr({ stderr }: Io): Teller {
  const print = (line: string) => printLine(stderr, line);
  return { waits: (_, message) => print(message), trace: print };
}

/** What a request waits for, in words. */
function waitOf(event: LimitedEvent | TurnEvent): string {
  const subject = [event.vendor, event.workflow].filter(Boolean).join(" ");
  return event.type === "turn"
    ? `${subject} waits for its turn: ${event.openJobs} of ${event.maxOpenJobs} exports that the vendor allows at once are open`
    : `${subject}: ${event.operation} waits ${formatDuration(event.delayMs)} for ${event.limit}`;
}

/** The line of `--verbose` for what a client did: a request, or a wait. It holds no secret, as no event does. */
function traceLine(event: ClientEvent, now: Date): string {
  return `${now.toISOString().slice(11, 23)}  ${event.vendor}  ${told(event)}`;
}

function told(event: ClientEvent): string {
  switch (event.type) {
    case "request": {
      const { method, path, status, error, durationMs, limitedMs, attempt, requestId, jobId } = event;
      const facts = [
        `${method} ${path}: ${error ?? status} in ${Math.round(durationMs)} ms`,
        ...(attempt > 1 ? [`attempt ${attempt}`] : []),
        ...(limitedMs >= 100 ? [`after ${seconds(limitedMs)} for the account's limits`] : []),
        ...(jobId === undefined ? [] : [`job ${jobId}`]),
        ...(requestId === undefined ? [] : [`request ${requestId}`]),
      ];
      return facts.join(", ");
    }
    case "wait":
      return `waits ${seconds(event.delayMs)} (${event.reason}), job ${event.jobId}`;
    case "limited":
    case "turn":
      return waitOf(event);
    default:
      return event.type;
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
