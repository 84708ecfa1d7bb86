type Listener = (reason: unknown) => void;

/** The listeners of each signal. Node warns of a leak at the eleventh listener of a signal, so each signal gets one that calls them all. */
const listenersOf = new WeakMap<AbortSignal, Set<Listener>>();

/**
 * Calls the listener when the signal is aborted; not for one that is aborted already.
 * @returns a function that removes the listener
 */
export function onAbort(signal: AbortSignal | undefined, listener: Listener): () => void {
  if (!signal || signal.aborted) return () => {};
  const listeners = listenersOf.get(signal) ?? new Set();
  listenersOf.set(signal, listeners);
  if (listeners.size === 0) signal.addEventListener("abort", callListeners, { once: true });
  const own: Listener = (reason) => listener(reason); // the same function may be added twice
  listeners.add(own);
  return () => {
    if (listeners.delete(own) && listeners.size === 0) signal.removeEventListener("abort", callListeners);
  };
}

function callListeners(this: AbortSignal): void {
  const listeners = listenersOf.get(this);
  listenersOf.delete(this);
  for (const listener of listeners ?? []) listener(this.reason);
}
