import { setMaxListeners } from "node:events";
import { InterruptedError } from "../errors/command-error.js";
import { exitCodes } from "../errors/exit-code.js";

/** A listener for Ctrl-C and SIGTERM. */
export interface Interrupt {
  /** Aborts with an {@link InterruptedError} on the first signal. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** Turns the first SIGINT or SIGTERM into an abort; the second one ends the process at once. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // every export that waits listens to it
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort(new InterruptedError(name));
  };
  const names = ["SIGINT", "SIGTERM"] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
