import type { DownloadEvent, DownloadOptions, DownloadProgress } from "../file/options.js";
import type { Clock } from "../time/clock.js";

/** Reports to the caller how far the download is. What a listener throws never breaks the download. */
export interface ProgressReporter {
  /** Reports progress, at most once an interval. */
  report(bytes: number, totalBytes: number | undefined, phase?: DownloadProgress["phase"]): void;
  emit(event: DownloadEvent): void;
}

/** How much of the speed comes from the last interval. */
const SPEED_WEIGHT = 0.3;

/** @param options read at each event, because they can grow while the download runs */
export function createProgressReporter(clock: Clock, options: () => DownloadOptions): ProgressReporter {
  let lastAt = -Infinity;
  let lastBytes = 0;
  let speed: number | undefined;
  let failureReported = false;

  const emit = (event: DownloadEvent): void => {
    try {
      options().onEvent?.(event);
    } catch {
      // a listener has no say in the download
    }
  };

  function updateSpeed(bytes: number, elapsedMs: number): void {
    if (bytes < lastBytes || elapsedMs <= 0 || elapsedMs === Infinity) return;
    const current = ((bytes - lastBytes) / elapsedMs) * 1000;
    speed = speed === undefined ? current : speed * (1 - SPEED_WEIGHT) + current * SPEED_WEIGHT;
  }

  return {
    emit,
    report(bytes, totalBytes, phase = "downloading") {
      const { onProgress, progressIntervalMs = 250 } = options();
      if (!onProgress) return;
      const now = clock.now();
      const elapsedMs = now - lastAt;
      if (elapsedMs < progressIntervalMs && phase !== "done") return;
      updateSpeed(bytes, elapsedMs);
      lastAt = now;
      lastBytes = bytes;
      const etaMs = speed && totalBytes !== undefined ? ((totalBytes - bytes) / speed) * 1000 : undefined;
      try {
        onProgress({ bytes, totalBytes, bytesPerSecond: speed, etaMs, phase, done: phase === "done" });
      } catch (error) {
        if (!failureReported) emit({ type: "callbackFailed", error });
        failureReported = true;
      }
    },
  };
}
