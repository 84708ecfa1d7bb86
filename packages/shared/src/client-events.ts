import type { ClientEvent, ClientOptions } from "./client-types.js";

/** Tells those who listen to a client what it does. */
export interface ClientEvents {
  /** Whether anybody listens: an event that nobody hears need not be made. */
  heard(type: ClientEvent["type"]): boolean;
  emit(event: ClientEvent): void;
  /** Tells, once, of an error in code that the user gave and whose result is not needed. */
  fault(error: unknown): void;
}

/** What a listener throws or rejects with changes nothing; the first time it is told to the listener itself. */
export function createClientEvents(vendor: string, onEvent: ClientOptions["onEvent"]): ClientEvents {
  let faulty = false;
  function emit(event: ClientEvent): void {
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
  return { heard: () => onEvent !== undefined, emit, fault };
}
