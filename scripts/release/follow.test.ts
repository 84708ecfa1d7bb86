import { expect, it } from "vitest";
import { followers, type PlannedRelease } from "./follow.js";

const shared = (type: PlannedRelease["type"], oldVersion = "0.1.0"): PlannedRelease => ({
  name: "shared",
  type,
  oldVersion,
  newVersion: "next",
});
const vendor = (version: string) => ({ name: "vendor", version, dependencies: { shared: "^0.1.0" } });
const planned = (type: PlannedRelease["type"], oldVersion: string): PlannedRelease => ({
  name: "vendor",
  type,
  oldVersion,
  newVersion: "next",
});

it.each([
  ["a minor of 0.x breaks, so a vendor of 0.x has a minor", shared("minor"), "0.3.0", "minor"],
  ["a major breaks, so a vendor of 0.x has a minor", shared("major", "1.0.0"), "0.3.0", "minor"],
  ["a major breaks, so a vendor of 1.x has a major", shared("major", "1.0.0"), "1.3.0", "major"],
  ["a minor of 0.x breaks a vendor of 1.x, too", shared("minor"), "1.3.0", "major"],
])("%s", (_, release, version, type) => {
  expect(followers([vendor(version)], [release])).toEqual([{ name: "vendor", type, leader: release }]);
  const patch = planned("patch", version);
  expect(followers([vendor(version)], [release, patch])).toEqual([{ name: "vendor", type, leader: release }]);
});

it.each([
  ["a patch breaks nobody", shared("patch"), "0.3.0", []],
  ["a first release breaks nobody", shared("minor", "0.0.0"), "0.3.0", []],
  ["a minor of 1.x breaks nobody", shared("minor", "1.0.0"), "1.3.0", []],
  ["a vendor that says so already follows nobody", shared("minor"), "0.3.0", [planned("minor", "0.3.0")]],
])("%s", (_, release, version, own) => {
  expect(followers([vendor(version)], [release, ...own])).toEqual([]);
});

it("a package without the dependency follows nobody", () => {
  expect(followers([{ ...vendor("0.1.0"), dependencies: {} }], [shared("minor")])).toEqual([]);
});
