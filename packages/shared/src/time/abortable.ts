import { onAbort } from "./on-abort.js";

/** Settles like the promise, but rejects with `signal.reason` in the tick of the abort; leaves no listener. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const removeListener = onAbort(signal, reject);
    promise.then(resolve, reject).finally(removeListener);
  });
}
