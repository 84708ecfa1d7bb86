/** An unbroken row of polls of one kind: failed ones, or ones with an unknown word. */
export interface Streak {
  /** Tells this row from later ones. */
  readonly id: object;
  readonly polls: number;
  /** How long it has lasted. Time in which nothing ran does not count: a machine that slept, a frozen function, a job that nobody waited for. */
  readonly ms: number;
  readonly lastAt: number;
}

/** Adds a poll at `now` to a row. @param maxGapMs the longest time between two polls that counts */
export function extendStreak(streak: Streak | undefined, now: number, maxGapMs: number): Streak {
  if (!streak) return { id: {}, polls: 1, ms: 0, lastAt: now };
  const gapMs = Math.min(now - streak.lastAt, maxGapMs);
  return { id: streak.id, polls: streak.polls + 1, ms: streak.ms + gapMs, lastAt: now };
}

/**
 * The part of a row that one wait has seen: its first poll in it counts as the first of the row.
 * @param seen what the wait has seen before; set here
 */
export function seenPart(
  streak: Streak,
  seen: { first?: Streak | undefined },
): { polls: number; ms: number } {
  if (seen.first?.id !== streak.id) seen.first = streak;
  return { polls: streak.polls - seen.first.polls + 1, ms: streak.ms - seen.first.ms };
}
