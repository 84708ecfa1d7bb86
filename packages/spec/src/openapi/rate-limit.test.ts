import { expect, test } from "vitest";
import { parseRateLimit } from "./rate-limit.js";

test("a rate limit policy is parsed", () => {
  expect(parseRateLimit('"burst";q=10;w=1, "steady";q=150;w=60')).toEqual([
    { name: "burst", quota: 10, windowMs: 1000 },
    { name: "steady", quota: 150, windowMs: 60_000 },
  ]);
});

test("a day is a window like any other", () => {
  expect(parseRateLimit('"daily";q=30;w=86400')).toEqual([
    { name: "daily", quota: 30, windowMs: 86_400_000 },
  ]);
});

test.each(["", "10 a second", '"burst";q=10', '"burst";q=0;w=1', '"slow";q=0.0167;w=1', '"slow";q=1;w=59.9'])(
  "%j is no policy",
  (text) => {
    expect(parseRateLimit(text)).toBeUndefined();
  },
);
