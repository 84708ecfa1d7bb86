import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Io } from "../terminal/io.js";
import type { CliEvent } from "./event.js";
import { createReporter } from "./reporter.js";

const subject = { name: "contacts", vendor: "ongage", workflow: "exportContacts" };
const startedAt = Date.UTC(2026, 0, 1);

function collect() {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream, lines: () => text.split("\n").slice(0, -1) };
}

function setUp(options: { json?: boolean } = {}) {
  const stdout = collect();
  const stderr = collect();
  const io = { stdout: stdout.stream, stderr: stderr.stream, env: {} } as unknown as Io;
  return { reporter: createReporter(io, options), out: stdout.lines, log: stderr.lines };
}

const facts = (polls: number, elapsedMs: number) => ({
  id: "5002",
  state: "running" as const,
  polls,
  nextPollAt: new Date(startedAt + elapsedMs + 30_000).toISOString(),
});

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now: startedAt }));
afterEach(() => vi.useRealTimers());

/** A vendor that says "running" every 30 s for an hour. */
function workForAnHour(report: (event: CliEvent) => void) {
  report({ type: "started", id: "5002", token: "v1.x" });
  report({ type: "status", ...facts(1, 0) });
  for (let polls = 2; polls <= 121; polls++) {
    const elapsedMs = (polls - 1) * 30_000;
    vi.setSystemTime(startedAt + elapsedMs);
    report({ type: "poll", ...facts(polls, elapsedMs), elapsedMs });
  }
}

it("a log has a line a minute while the vendor works and nothing changes", () => {
  const { reporter, log } = setUp();
  workForAnHour((event) => reporter.report(subject, event));
  const lines = log().filter((line) => line.includes("running"));
  expect(lines).toHaveLength(61);
  expect(lines.at(-1)).toBe("contacts  5002  running      1:00:00  121 polls  next in 30 s");
});

it("--json has a line for each poll", () => {
  const { reporter, out } = setUp({ json: true });
  workForAnHour((event) => reporter.report(subject, event));
  const polls = out()
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === "poll");
  expect(polls).toHaveLength(120);
  expect(polls.at(-1)).toMatchObject({ name: "contacts", polls: 121, elapsedMs: 3_600_000 });
  expect(polls.at(-1).nextPollAt).toBe(new Date(startedAt + 3_630_000).toISOString());
});
