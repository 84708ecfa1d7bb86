import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { ExportProgress } from "./progress.js";
import { layoutOf, progressLine } from "./progress-line.js";

const line = (facts: Partial<ExportProgress>) =>
  stripVTControlCharacters(progressLine("acme", { state: "running", startedAt: 0, ...facts }, 60_000));

it.each<[string, Partial<ExportProgress>]>([
  ["acme  running      01:00", {}],
  ["acme  7  running      01:00  1 poll  next in 5 s", { id: "7", polls: 1, nextPollAt: 64_100 }],
  ["acme  running      01:00  2 polls  25 %  about 03:00 left", { polls: 2, progress: { fraction: 0.25 } }],
  ["acme  running      01:00  2 polls  3 of 9", { polls: 2, progress: { done: 3, total: 9 } }],
  ["acme  0115c85d-ef3…  running      01:00", { id: "0115c85d-ef3e-4de9-9732-d0c5c4f2c482" }],
  ["acme  running      01:00  3 polls  poll failed (2): 503", { polls: 3, problem: "poll failed (2): 503" }],
  [
    "acme  downloading  01:00  1.50 MB of 3.00 MB  500 kB/s  ETA 00:03",
    { state: "downloading", download: { bytes: 1.5e6, totalBytes: 3e6, bytesPerSecond: 5e5, etaMs: 3000 } },
  ],
  [
    "acme  downloading  01:00  part 2 of 3  1.50 MB",
    { state: "downloading", download: { bytes: 1.5e6, part: 2, parts: 3 } },
  ],
  [
    "acme  downloading  01:00  part 2  1.50 MB",
    { state: "downloading", download: { bytes: 1.5e6, part: 2 } },
  ],
  [
    "acme  downloading  01:00  1.50 MB",
    { state: "downloading", download: { bytes: 1.5e6, part: 1, parts: 1 } },
  ],
  ["acme  saved        00:30  3.00 MB", { state: "saved", endedAt: 30_000, saved: { sizeBytes: 3e6 } }],
])("%s", (text, facts) => {
  expect(line(facts)).toBe(text);
});

describe("several exports", () => {
  const download = { bytes: 1.5e6, totalBytes: 3e6, bytesPerSecond: 5e5, etaMs: 3000 };
  const exports = new Map<string, ExportProgress>([
    ["ongage exportContacts", { state: "downloading", startedAt: 0, id: "5002", download }],
    ["activity", { state: "running", startedAt: 0, id: "77", polls: 12, nextPollAt: 65_000 }],
    ["stats", { state: "running", startedAt: 0, polls: 2, progress: { fraction: 0.25 } }],
  ]);
  const lines = (columns?: number) => {
    const layout = layoutOf(exports, columns);
    return [...exports].map(([name, progress]) =>
      stripVTControlCharacters(progressLine(name, progress, 60_000, layout)),
    );
  };

  it("stand in columns", () => {
    expect(lines()).toEqual([
      "ongage exportContacts  5002  downloading  01:00  1.50 MB of 3.00 MB  500 kB/s  ETA 00:03",
      "activity               77    running      01:00  12 polls  next in 5 s",
      "stats                        running      01:00  2 polls  25 %  about 03:00 left",
    ]);
  });

  it("leave out what matters least where the terminal is narrow: total, speed and ETA survive 60 columns", () => {
    expect(lines(59)).toEqual([
      "ongage exportCont…  1.50 MB of 3.00 MB  500 kB/s  ETA 00:03",
      "activity              running      01:00  12 polls",
      "stats                 running      25 %  about 03:00 left",
    ]);
  });

  it("say which part comes at 60 columns, too", () => {
    const download = { bytes: 1.5e6, bytesPerSecond: 5e5, part: 2, parts: 3 };
    const name = "acme exportThings";
    const one = new Map<string, ExportProgress>([
      [name, { state: "downloading", startedAt: 0, id: "0115c85d-ef3e-4de9-9732-d0c5c4f2c482", download }],
    ]);
    const [, progress] = [...one][0] ?? [];
    expect(
      progress && stripVTControlCharacters(progressLine(name, progress, 60_000, layoutOf(one, 59))),
    ).toBe("acme exportTh…  downloading  part 2 of 3  1.50 MB  500 kB/s");
  });

  it.each([59, 50, 40, 30])("fit into %i columns", (columns) => {
    for (const line of lines(columns)) expect(line.length).toBeLessThanOrEqual(columns);
  });
});
