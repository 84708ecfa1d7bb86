import { UsageError } from "../errors/command-error.js";

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Parses a duration such as `90s`, `15m` or `2h`.
 * @param flag the flag that the text was given to, for the message
 * @returns milliseconds
 * @throws {UsageError} if the text is no duration
 */
export function parseDuration(flag: string, text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (!unit) throw new UsageError(`${flag} takes a time such as 90s, 15m or 2h, not "${text}"`);
  return Math.round(Number(count) * UNITS[unit as keyof typeof UNITS]); // the pattern matches no other unit
}

/** Formats milliseconds as `00:42` or `1:03:20`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${twoDigits(m)}:${twoDigits(s)}` : `${twoDigits(m)}:${twoDigits(s)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
