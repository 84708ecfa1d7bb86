import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { measure } from "./by-hand/table.js";
import { replaceBlock } from "./replace-block.js";
import { root } from "./vendors.js";

const readme = readFileSync(`${root}README.md`, "utf8");

it("the README's table of what goes wrong is as its programs come to now", async () => {
  expect(replaceBlock(readme, "by-hand", await measure())).toBe(readme);
}, 60_000);
