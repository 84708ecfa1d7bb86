/** At most `quota` moments in any `windowMs` milliseconds. */
export interface SlidingWindow {
  /** How far apart the moments are when they are spread evenly. */
  readonly spacingMs: number;
  /** From when on one more is free, after `ahead` others that come before it. */
  freeAt(ahead?: number): number;
  add(now: number): void;
}

/** Remembers the last `quota` moments: a slot is free when the moment that used it before has left the window. */
export function slidingWindow(quota: number, windowMs: number): SlidingWindow {
  const moments: number[] = [];
  let next = 0;
  return {
    spacingMs: windowMs / quota,
    freeAt(ahead = 0) {
      if (ahead >= quota) return Infinity;
      const before = moments[(next + ahead) % quota];
      return before === undefined ? 0 : before + windowMs;
    },
    add(now) {
      moments[next] = now;
      next = (next + 1) % quota;
    },
  };
}
