import { expect, it } from "vitest";
import { hintForKey } from "./refused-keys.js";

it.each([
  ["the address of an operation", ["workflows", "0", "steps", "1"], "operationPath"],
  ["servers of an operation", ["paths", "/files", "get"], "servers"],
])("%s: the hint says where the address of a file belongs", (_, path, key) => {
  expect(hintForKey(path, key, ["operationId"])).toContain("output fileUrl of the last step");
});
