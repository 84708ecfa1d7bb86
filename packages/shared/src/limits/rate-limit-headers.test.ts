import { describe, expect, it } from "vitest";
import { readAllowance } from "./rate-limit-headers.js";

const NOW = Date.UTC(2026, 0, 1);
const CLOCK = { now: () => NOW };

describe("what a reply says of its limits", () => {
  it.each([
    [{ ratelimit: '"steady";r=0;t=12' }, { left: 0, resetMs: 12_000 }],
    [{ ratelimit: '"burst";r=5;t=1, "steady";r=2;t=30' }, { left: 2, resetMs: 30_000 }],
    [{ ratelimit: '"a";r=2;t=3 ,"b";r=2;t=30' }, { left: 2, resetMs: 30_000 }],
    [{ ratelimit: '"a, b";r=7;pk=:dGVzdA==:' }, { left: 7, resetMs: undefined }],
    [
      { "x-ratelimit-remaining": "3", "x-ratelimit-reset": "12" },
      { left: 3, resetMs: 12_000 },
    ],
    [
      { "x-ratelimit-remaining": "3", "x-ratelimit-reset": "0.5" },
      { left: 3, resetMs: 500 },
    ],
    [{ "x-ratelimit-remaining": "3" }, { left: 3, resetMs: undefined }],
    [
      { "x-ratelimit-remaining": "3", "x-ratelimit-reset": "soon" },
      { left: 3, resetMs: undefined },
    ],
    [
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 9) },
      { left: 0, resetMs: 9000 },
    ],
    [
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW) },
      { left: 0, resetMs: undefined },
    ],
    [
      {
        date: "Thu, 01 Jan 2026 05:00:00 GMT",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(NOW / 1000 + 5 * 3600 + 9),
      },
      { left: 0, resetMs: 9000 },
    ],
    [
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000000000" },
      { left: 0, resetMs: 0 },
    ],
  ])("%j", (headers: Record<string, string>, allowance) => {
    expect(readAllowance(new Headers(headers), CLOCK)).toEqual(allowance);
  });

  it.each([
    {},
    { ratelimit: "steady;r=0;t=12" },
    { ratelimit: '"steady";r=-1;t=12' },
    { ratelimit: '"steady";r=0.5;t=12' },
    { ratelimit: '"steady";t=12' },
    { ratelimit: '"steady";r=0;t=12 and more' },
    { ratelimit: "limit=10, remaining=0, reset=12" },
    { "x-ratelimit-remaining": "" },
    { "x-ratelimit-remaining": "-1" },
    { "x-ratelimit-remaining": "many" },
    { "x-ratelimit-reset": "12" },
  ])("124. %j says nothing", (headers: Record<string, string>) => {
    expect(readAllowance(new Headers(headers), CLOCK)).toBeUndefined();
  });
});
