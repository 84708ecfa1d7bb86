import { platform } from "#platform";
import type { ClientEvent, ClientOptions } from "./options.js";

/** An event of a job, as far as a client has to know it. */
interface AnyJobEvent {
  readonly type: string;
  readonly snapshot: { readonly id: string };
}

/** Reports to those who listen what a client does. */
export interface ClientEvents {
  /** True if anybody listens: an event without a listener need not be made. */
  isObserved(kind: "request" | "job"): boolean;
  emit(event: ClientEvent): void;
  /** Publishes what happened to a job on the diagnostics channel; {@link ClientOptions.onEvent} does not get it. */
  publishJob(workflow: string, event: AnyJobEvent): void;
  /** Reports, once, an error in the user's code whose result is not needed. */
  reportListenerError(error: unknown): void;
}

/** What a listener throws or rejects with changes nothing; the first time, the listener itself gets it as an event. */
export function createClientEvents(vendor: string, onEvent: ClientOptions["onEvent"]): ClientEvents {
  const requests = platform.eventChannel("outhaul:request");
  const jobs = platform.eventChannel("outhaul:job");
  let errorReported = false;

  function emit(event: ClientEvent): void {
    if (event.type !== "listenerFailed") (event.type === "request" ? requests : jobs)?.publish(event);
    try {
      const result: unknown = onEvent?.(event);
      if (result instanceof Promise) result.catch(reportListenerError);
    } catch (error) {
      reportListenerError(error);
    }
  }

  function reportListenerError(error: unknown): void {
    if (errorReported) return;
    errorReported = true;
    emit({ type: "listenerFailed", vendor, error });
  }

  return {
    isObserved: (kind) =>
      onEvent !== undefined || (kind === "request" ? requests : jobs)?.hasSubscribers === true,
    emit,
    publishJob(workflow, event) {
      if (jobs?.hasSubscribers) jobs.publish({ vendor, workflow, jobId: event.snapshot.id, ...event });
    },
    reportListenerError,
  };
}
