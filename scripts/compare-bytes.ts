// For tests: bytes are compared as bytes. By itself `toEqual` looks at each of them as at a property, which takes seconds for files.
import { expect } from "vitest";

expect.addEqualityTesters([
  (a: unknown, b: unknown) => (Buffer.isBuffer(a) && Buffer.isBuffer(b) ? a.equals(b) : undefined),
]);
