/** A browser that listens. */
interface Listener {
  controller: ReadableStreamDefaultController<Uint8Array>;
  /** Breaks its connection. */
  destroy(): void;
}

/** Sends events to all browsers that listen (server-sent events, HTML standard §9.2). */
export interface EventStream {
  /** True if somebody listens. */
  readonly hasListeners: boolean;
  /** The reply for one more browser, which begins with these messages. Undefined if there are too many already. */
  open(first: readonly string[], destroy: () => void): Response | undefined;
  send(message: string): void;
}

/** Nobody has so many windows; a page that is reloaded in a circle has. */
const MAX_LISTENERS = 32;
/** What may wait for a browser that does not read. One that reads catches up in no time, on the same machine. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Creates a stream of events without listeners. */
export function createEventStream(): EventStream {
  const listeners = new Set<Listener>();
  const encoder = new TextEncoder();

  function send(listener: Listener, bytes: Uint8Array): void {
    // It loses its connection, comes again and is told how things are then.
    if ((listener.controller.desiredSize ?? 0) < bytes.length) {
      listeners.delete(listener);
      listener.controller.close();
      listener.destroy();
    } else listener.controller.enqueue(bytes);
  }

  return {
    get hasListeners() {
      return listeners.size > 0;
    },
    open(first, destroy) {
      if (listeners.size >= MAX_LISTENERS) return undefined;
      let listener: Listener | undefined;
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            listener = { controller, destroy };
            listeners.add(listener);
            // A page tries again after a second.
            controller.enqueue(encoder.encode(`retry: 1000\n\n${first.join("")}`));
          },
          cancel() {
            if (listener) listeners.delete(listener);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
      );
      return new Response(body, {
        headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
      });
    },
    send(message) {
      const bytes = encoder.encode(message);
      for (const listener of [...listeners]) send(listener, bytes);
    },
  };
}

/** An event with its data as JSON. */
export function eventOf(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
