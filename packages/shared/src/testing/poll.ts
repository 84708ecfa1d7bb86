import { expect } from "vitest";

/** For the tests: looks again and again, with little time between, until it is as expected. */
export const soon = <T>(look: () => T) => expect.poll(look, { interval: 3, timeout: 25_000 });
