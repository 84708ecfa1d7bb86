import { UsageError } from "../errors/command-error.js";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/**
 * Parses a size such as `65536`, `20MB`, `1.5 GB` or `512KiB`.
 * @param flag the flag that the text was given to, for the message
 * @returns bytes
 * @throws {UsageError} if the text is no size
 */
export function parseSize(flag: string, text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,15}(?:\.\d{1,9})?) ?([a-z]{0,3})$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  const bytes = Math.round(Number(count) * (factor ?? Number.NaN));
  if (count === "" || !Number.isSafeInteger(bytes))
    throw new UsageError(`${flag} takes a size such as 65536, 200kB, 20MB, 1GB or 512KiB, not "${text}"`);
  return bytes;
}
