import { createInterface } from "node:readline";

/** Reads the first `count` lines of a stream. */
export async function readLines(input: NodeJS.ReadableStream, count: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}
