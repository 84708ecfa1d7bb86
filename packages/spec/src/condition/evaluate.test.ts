import { expect, test } from "vitest";
import { agreed, disputed, type SampleReply } from "../testing/judged-criteria.js";
import { parseCriterion } from "./criterion.js";
import { meetsAll } from "./evaluate.js";

const view = ({ status, headers, body }: SampleReply) => ({ status, headers: new Headers(headers), body });

test.each(agreed)("%j on %j is %s", (criterion, reply, holds) => {
  expect(meetsAll([parseCriterion(criterion)], view(reply))).toBe(holds);
});

test.each(disputed)("%s: %j on %j is %s", (_, criterion, reply, holds) => {
  expect(meetsAll([parseCriterion(criterion)], view(reply))).toBe(holds);
});

test("all criteria have to hold, and one that reads the status code speaks for all", () => {
  const criteria = ["$statusCode == 412", "$response.body#/n == 1"].map((condition) =>
    parseCriterion({ condition }),
  );
  expect(meetsAll(criteria, view({ status: 412, headers: {}, body: { n: 1 } }))).toBe(true);
  expect(meetsAll(criteria, view({ status: 412, headers: {}, body: { n: 2 } }))).toBe(false);
});
