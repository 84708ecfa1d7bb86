import type { ClientEvent } from "@outhaul/shared";

/** What a client calls with its events: with `--verbose` it prints them. */
export function traceTo(
  print: (line: string) => void,
  { verbose }: { verbose?: boolean },
): ((event: ClientEvent) => void) | undefined {
  return verbose ? (event) => print(traceLine(event, new Date())) : undefined;
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
    default:
      return event.type;
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
