import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { faultKinds, targetFields } from "../fault/fault-kinds.js";
import { createSandbox, type Fault, type JobOptions } from "../index.js";
import { listen } from "../node.js";
import { testSandbox, yamlSpecs } from "../testing/vendors.js";

/** Options as a program in JavaScript gives them, which no compiler has seen. */
const untyped = (options: object) => options as never;

describe("5.8: what there is no option for is refused, with the nearest name", () => {
  test.each([
    [{ vendrs: ["carma"] }, 'createSandbox: there is no option "vendrs"; did you mean "vendors"?'],
    [{ jobs: { pols: 1 } }, 'createSandbox: jobs: there is no option "pols"; did you mean "polls"?'],
    [{ jobs: { outcome: "fail" } }, 'createSandbox: jobs: outcome cannot be "fail"; did you mean "failed"?'],
    [{ tokens: { ttl: 1 } }, 'createSandbox: tokens: there is no option "ttl"; did you mean "ttlMs"?'],
    [{ credentials: { crma: {} } }, 'there is no option "crma"; did you mean "carma"?'],
    [
      { credentials: { carma: { tokn: "x" } } },
      'the credentials of carma: there is no option "tokn"; did you mean "token"?',
    ],
    [{ vendors: ["crma"] }, 'the sandbox has no vendor crma; did you mean "carma"?'],
    [{ jobs: [] }, "createSandbox: jobs takes an object of options"],
  ])("createSandbox(%j)", (options, message) => {
    expect(() => createSandbox(untyped({ specs: yamlSpecs, ...options }))).toThrow(message);
  });

  test.each([
    [{ prots: {} }, 'listen: there is no option "prots"; did you mean "ports"?'],
    [{ jobs: { pols: 1 } }, 'listen: jobs: there is no option "pols"; did you mean "polls"?'],
    [{ ports: { crma: 0 } }, 'listen: ports: there is no option "crma"; did you mean "carma"?'],
  ])("listen(%j)", async (options, message) => {
    await expect(listen(untyped({ specs: yamlSpecs, ...options }))).rejects.toThrow(message);
  });

  const { sandbox } = testSandbox();
  test.each([
    [{ kind: "eror" }, RangeError, 'the kind of a fault cannot be "eror"; did you mean "error"?'],
    [
      { kind: "error", code: 429 },
      TypeError,
      'a fault of the kind error: there is no option "code"; there are ',
    ],
    [
      { kind: "hang", status: 500 },
      TypeError,
      'a fault of the kind hang: there is no option "status"; there are ',
    ],
    [
      { kind: "html", on: "fiel" },
      RangeError,
      'a fault of the kind html: on cannot be "fiel"; did you mean "file"?',
    ],
    [{ kind: "toString" }, RangeError, 'the kind of a fault cannot be "toString"'],
    [{ status: 500 }, TypeError, "a fault is an object with a kind: error, "],
  ])("fault(%j)", (fault, type, message) => {
    expect(() => sandbox.vendor("carma").fault(untyped(fault))).toThrow(type);
    expect(() => sandbox.vendor("carma").fault(untyped(fault))).toThrow(message);
    expect(() => sandbox.fault(untyped({ ...fault, vendor: "carma" }))).toThrow(message);
    expect(sandbox.vendor("carma").faults()).toEqual([]);
  });

  test("configure", () => {
    expect(() =>
      sandbox.vendor("carma").configure(untyped({ size: 1 } satisfies object as JobOptions)),
    ).toThrow('configure: there is no option "size"; did you mean "sizeBytes"?');
    expect(() => sandbox.vendor("carma").configure({}, "9")).toThrow("carma has no export 9");
  });
});

test("what is documented is taken", () => {
  const { sandbox } = testSandbox({ tokens: { ttlMs: 1, rotate: true }, jobs: { polls: 0, format: "csv" } });
  const faults: readonly Fault[] = [
    {
      kind: "error",
      status: 429,
      retryAfter: 7,
      on: "poll",
      times: 2,
      skip: 1,
      operation: "getBatch",
      job: "1",
    },
    { kind: "cutConnection", atByte: 10, bytesPerSecond: 1, times: "always" },
    { kind: "headers", headers: { etag: "x" } },
  ];
  for (const fault of faults) sandbox.fault(fault);
  expect(
    sandbox
      .vendor("carma")
      .faults()
      .map(({ fault }) => fault),
  ).toEqual(faults);
});

test("the README has every fault, with its fields", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, table = ""] = /## Faults[\s\S]*?(\n\| kind [\s\S]*?\n)\n/.exec(readme) ?? [];
  const rows = [...table.matchAll(/^\| `(\w+)` \| ([^|]*) \|([^|]*)\|$/gm)].map(([, kind, , fields = ""]) => [
    kind,
    [...fields.matchAll(/`(\w+)`/g)].map(([, field]) => field).filter((field) => field !== "failed"),
  ]);
  expect(rows.map(([kind]) => kind)).toEqual(Object.keys(faultKinds));
  for (const [kind, fields] of rows)
    expect([kind, [...(fields ?? [])].sort()]).toEqual([
      kind,
      Object.keys(faultKinds[kind as Fault["kind"]].fields).sort(),
    ]);
  for (const field of Object.keys(targetFields)) expect(readme).toContain(`\`${field}\``);
});
