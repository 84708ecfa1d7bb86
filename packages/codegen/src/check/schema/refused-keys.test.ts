import { expect, it } from "vitest";
import { hintForKey } from "./refused-keys.js";

it.each([
  ["the address of an operation", ["workflows", "0", "steps", "1"], "operationPath", "x-operation"],
  ["servers of an operation", ["paths", "/files", "get"], "servers", "output fileUrl of the last step"],
])("%s: the hint says where the address of a file belongs", (_, path, key, says) => {
  expect(hintForKey(path, key, ["operationId"])).toContain(says);
});
