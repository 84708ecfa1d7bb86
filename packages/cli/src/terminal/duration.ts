import { UsageError } from "../errors/command-error.js";

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of a text such as `90s`, `15m`, `2h`.
 * @throws {UsageError} where it is none
 */
export function parseDuration(flag: string, text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (!unit) throw new UsageError(`${flag} takes a time such as 90s, 15m or 2h, not "${text}"`);
  return Math.round(Number(count) * UNITS[unit as keyof typeof UNITS]); // the pattern has no other
}

/** `00:42`, `1:03:20`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
