import { expect, it } from "vitest";
import { UsageError } from "../errors/command-error.js";
import { parseSize } from "./size.js";

it.each([
  ["0", 0],
  ["65536", 65_536],
  ["200kB", 200_000],
  ["20MB", 20_000_000],
  ["20 mb", 20_000_000],
  ["1.5GB", 1_500_000_000],
  ["512KiB", 524_288],
  ["2MiB", 2_097_152],
  ["1GiB", 1_073_741_824],
  ["7B", 7],
])("%s is %i bytes", (text, bytes) => {
  expect(parseSize("--size", text)).toBe(bytes);
});

it.each(["", "x", "-1", "1e3", "20TB", "MB", "1.MB", "99999999999GB", "20MBs", "constructor"])(
  "%j is no size",
  (text) => {
    expect(() => parseSize("--size", text)).toThrow(UsageError);
    expect(() => parseSize("--size", text)).toThrow(
      `--size takes a size such as 65536, 200kB, 20MB, 1GB or 512KiB, not "${text}"`,
    );
  },
);
