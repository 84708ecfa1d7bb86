import type { ClientEvent } from "@outhaul/shared";
import { expect, it } from "vitest";
import { tellTo } from "./trace.js";

const told = (event: ClientEvent, verbose: boolean) => {
  const waits: string[] = [];
  const traced: string[] = [];
  tellTo(
    { waits: (_, message) => waits.push(message), trace: (line) => traced.push(line) },
    { verbose },
  )(event);
  return { waits, traced: traced.map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d{3}/, "12:00:00.000")) };
};
const limited: ClientEvent = {
  type: "limited",
  vendor: "acme",
  workflow: "exportReport",
  operation: "POST /reports",
  limit: 'the vendor\'s limit "daily" (30 requests in 86400 s)',
  delayMs: 3_723_000,
};

it("a start that waits for a limit or for its turn is told, also without --verbose", () => {
  const line =
    'acme exportReport: POST /reports waits 1:02:03 for the vendor\'s limit "daily" (30 requests in 86400 s)';
  expect(told(limited, false)).toEqual({ waits: [line], traced: [] });
  expect(told(limited, true)).toEqual({ waits: [line], traced: [`12:00:00.000  acme  ${line}`] });
  expect(
    told({ type: "turn", vendor: "acme", workflow: "exportReport", openJobs: 1, maxOpenJobs: 1 }, false)
      .waits,
  ).toEqual(["acme exportReport waits for its turn: 1 of 1 exports that the vendor allows at once are open"]);
});

it("--verbose tells requests and waits in one line each", () => {
  const request = {
    type: "request",
    vendor: "acme",
    kind: "poll",
    method: "GET",
    path: "/exports/{id}",
    status: 200,
    durationMs: 12.4,
    attempt: 2,
    jobId: "5",
    requestId: "r1",
    limitedMs: 1500,
  } as const;
  expect(told(request, true).traced).toEqual([
    "12:00:00.000  acme  GET /exports/{id}: 200 in 12 ms, attempt 2, after 1.5 s for the account's limits, job 5, request r1",
  ]);
  expect(told({ ...request, status: undefined, error: "ECONNRESET" } as never, true).traced[0]).toContain(
    "GET /exports/{id}: ECONNRESET in 12 ms",
  );
  const wait = {
    type: "wait",
    vendor: "acme",
    workflow: "x",
    jobId: "5",
    delayMs: 30_000,
    reason: "backoff",
  } as const;
  expect(told(wait, true).traced).toEqual(["12:00:00.000  acme  waits 30 s (backoff), job 5"]);
  expect(told(wait, false)).toEqual({ waits: [], traced: [] });
});
