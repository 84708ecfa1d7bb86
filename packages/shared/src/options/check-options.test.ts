import { describe, expect, it } from "vitest";
import { checkOptions } from "./check-options.js";

const table = {
  timeoutMs: "number",
  timeouts: { headersMs: "number", stallMs: "number" },
  overwrite: ["error", "replace", false],
  schedule: "function",
  baseUrl: "",
};

describe("5.8 options as users write them", () => {
  it.each([
    [{ basUrl: "x" }, 'save: there is no option "basUrl"; did you mean "baseUrl"?'],
    [{ base_url: "x" }, 'save: there is no option "base_url"; did you mean "baseUrl"?'],
    [{ TIMEOUTMS: 5 }, 'save: there is no option "TIMEOUTMS"; did you mean "timeoutMs"?'],
    [{ timeout: 3 }, 'save: there is no option "timeout"; did you mean "timeoutMs" or "timeouts"?'],
    [{ timeouts: { stall: 3 } }, 'save: timeouts: there is no option "stall"; did you mean "stallMs"?'],
    [{ timeouts: 3 }, "save: timeouts: expects an object"],
    [{ constructor: 1 }, 'save: there is no option "constructor"; there are timeoutMs, timeouts, overwrite'],
    [{ basUrl: undefined }, 'save: there is no option "basUrl"; did you mean "baseUrl"?'],
    [{ overwrite: true }, 'save: the option "overwrite" must be one of "error","replace",false'],
    [{ schedule: 5 }, 'save: the option "schedule" must be a function'],
    [{ timeoutMs: "5" }, 'save: the option "timeoutMs" must be a number'],
    [{ timeoutMs: -5 }, 'save: the option "timeoutMs" must be a number'],
    [{ timeoutMs: Number.NaN }, 'save: the option "timeoutMs" must be a number'],
    [null, "save: expects an object"],
    [5, "save: expects an object"],
  ])("%j is told by name", (given, message) => {
    expect(() => checkOptions("save", given, table)).toThrow(TypeError);
    expect(() => checkOptions("save", given, table)).toThrow(message);
  });

  it.each([
    undefined,
    {},
    { timeoutMs: undefined, timeouts: undefined, overwrite: undefined },
    {
      timeoutMs: Infinity,
      overwrite: false,
      schedule: () => 1,
      baseUrl: 7,
      timeouts: { stallMs: 0 },
    },
  ])("%j is taken", (given) => {
    expect(() => checkOptions("save", given, table)).not.toThrow();
  });
});
