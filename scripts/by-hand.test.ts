import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { replaceTable } from "./by-hand/replace-table.js";
import { measure } from "./by-hand/table.js";
import { root } from "./vendors.js";

const readme = readFileSync(`${root}README.md`, "utf8");

it("the README's table of what goes wrong is as its programs come to now", async () => {
  expect(replaceTable(readme, await measure())).toBe(readme);
}, 60_000);
