import { type ChildProcess, fork } from "node:child_process";
import type { Order, Report } from "./message.js";

/** A process of the demo. */
export interface Worker {
  readonly pid: number;
  /** What it reports until it ends. @throws if it ends by itself before the file is saved, and the signal's reason */
  reports(): AsyncIterable<Report>;
  /** Kills it, as the system does when memory is short. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts this program once more, as a process that does what the order says. */
export function startWorker(order: Order, signal: AbortSignal): Worker {
  const [, program = ""] = process.argv;
  const child = fork(program, ["demo", "--worker"], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const waiting: Report[] = [];
  let wake = () => {};
  let end: Error | undefined;
  const stop = (reason: Error) => {
    end ??= reason;
    wake();
  };
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.on("message", (report: Report) => {
    waiting.push(report);
    wake();
  });
  child.on("error", stop);
  child.on("exit", (code, killed) =>
    stop(new Error(`a process of the demo ended with ${killed ?? code}: ${said}`)),
  );
  const onAbort = () => stop(signal.reason as Error); // an InterruptedError
  signal.addEventListener("abort", onAbort, { once: true });
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  child.send(order, () => {}); // a process that could not be started has an error event as well

  return {
    pid: child.pid ?? 0,
    async *reports() {
      for (;;) {
        const report = waiting.shift();
        if (report?.type === "failed") throw new Error(report.message);
        if (report) yield report;
        if (report?.type === "saved") return;
        if (report) continue;
        if (end) throw end;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async kill() {
      signal.removeEventListener("abort", onAbort);
      process.off("exit", atExit);
      await killed(child);
    },
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}
