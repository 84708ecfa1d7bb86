/** Reads the last line of `npm test`. Output without one is one failure: it did not come to its end. */
export function readChecks(said: string): { passed: number; failed: number } {
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(said.trim().split("\n").at(-1) ?? "") ?? [];
  if (passed === undefined) return { passed: 0, failed: 1 };
  return { passed: Number(passed), failed: Number(failed) };
}
