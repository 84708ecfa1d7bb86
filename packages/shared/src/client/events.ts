import { eventChannel } from "#platform";
import type { JobEvent } from "../record/types.js";
import type { ClientEvent, ClientOptions } from "./options.js";

/** A channel of `node:diagnostics_channel`. */
export interface EventChannel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** Tells those who listen to a client what it does. */
export interface ClientEvents {
  /** Whether anybody hears of requests, or of jobs: an event that nobody hears need not be made. */
  heard(of: "request" | "job"): boolean;
  emit(event: ClientEvent): void;
  /** Tells what happened to a job, apart from what {@link ClientOptions.onEvent} hears. */
  emitJob(workflow: string, event: JobEvent): void;
  /** Tells, once, of an error in code that the user gave and whose result is not needed. */
  fault(error: unknown): void;
}

/** What a listener throws or rejects with changes nothing; the first time it is told to the listener itself. */
export function createClientEvents(vendor: string, onEvent: ClientOptions["onEvent"]): ClientEvents {
  const requests = eventChannel("outhaul:request");
  const jobs = eventChannel("outhaul:job");
  let faulty = false;
  function emit(event: ClientEvent): void {
    if (event.type !== "listenerFailed") (event.type === "request" ? requests : jobs)?.publish(event);
    try {
      const told: unknown = onEvent?.(event);
      if (told instanceof Promise) told.catch(fault);
    } catch (error) {
      fault(error);
    }
  }
  function fault(error: unknown): void {
    if (faulty) return;
    faulty = true;
    emit({ type: "listenerFailed", vendor, error });
  }
  return {
    heard: (of) => onEvent !== undefined || (of === "request" ? requests : jobs)?.hasSubscribers === true,
    emit,
    emitJob(workflow, event) {
      if (jobs?.hasSubscribers) jobs.publish({ vendor, workflow, jobId: event.snapshot.id, ...event });
    },
    fault,
  };
}
