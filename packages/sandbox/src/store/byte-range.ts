/** A part of a file: its first byte, and the byte after its last one. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Parses a `Range` header (RFC 9110 §14.2).
 * @returns undefined for the whole file, also if the header is invalid or has several ranges; `"unsatisfiable"` for a 416
 */
export function parseRange(
  header: string | null,
  sizeBytes: number,
): ByteRange | "unsatisfiable" | undefined {
  const [, first, last] = /^\s*bytes\s*=\s*(\d*)-(\d*)\s*$/i.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    return length > 0 ? { from: sizeBytes - length, to: sizeBytes } : "unsatisfiable";
  }
  const from = Number(first);
  const to = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== "" && Number(last) < from) return undefined;
  return from < sizeBytes ? { from, to } : "unsatisfiable";
}
