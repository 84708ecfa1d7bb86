import type { DownloadEvent, DownloadOptions, DownloadProgress } from "../file/options.js";
import type { Clock } from "../time/clock.js";

/** Tells the caller how far the download is, not more often than asked, and never breaks it. */
export interface Progress {
  at(bytes: number, totalBytes: number | undefined, phase?: DownloadProgress["phase"]): void;
  tell(event: DownloadEvent): void;
}

export function createProgress(clock: Clock, options: () => DownloadOptions): Progress {
  let lastAt = -Infinity;
  let lastBytes = 0;
  let speed: number | undefined;
  let failed = false;

  const tell = (event: DownloadEvent): void => {
    try {
      options().onEvent?.(event);
    } catch {
      // a listener has no say in the download
    }
  };

  return {
    tell,
    at(bytes, totalBytes, phase = "downloading") {
      const { onProgress, progressIntervalMs = 250 } = options();
      if (!onProgress) return;
      const now = clock.now();
      const elapsed = now - lastAt;
      if (elapsed < progressIntervalMs && phase !== "done") return;
      if (bytes >= lastBytes && elapsed > 0 && elapsed < Infinity) {
        const current = ((bytes - lastBytes) / elapsed) * 1000;
        speed = speed === undefined ? current : speed * 0.7 + current * 0.3;
      }
      lastAt = now;
      lastBytes = bytes;
      const etaMs = speed && totalBytes !== undefined ? ((totalBytes - bytes) / speed) * 1000 : undefined;
      try {
        onProgress({ bytes, totalBytes, bytesPerSecond: speed, etaMs, phase, done: phase === "done" });
      } catch (error) {
        if (!failed) tell({ type: "callbackFailed", error });
        failed = true;
      }
    },
  };
}
