import { expect, test } from "vitest";
import { readApi } from "../spec/open-api.js";
import { readWorkflows } from "../spec/workflow.js";
import { yamlSpecs } from "../testing/vendors.js";
import { createJobKind } from "./job-kind.js";
import { createJobs } from "./jobs.js";

test("the oldest jobs are forgotten, with all of their ids", () => {
  const { openapi, arazzo } = yamlSpecs["carma"] ?? {};
  const [workflow] = readWorkflows(arazzo);
  if (!workflow) throw new Error("the spec has no workflow");
  const kind = createJobKind(workflow, readApi(openapi));
  const jobs = createJobs({ now: () => 0, random: () => 0.5, limit: 2 });
  const [first, second, third] = [1, 2, 3].map(() => jobs.create(kind, {}, {}));
  expect(jobs.all()).toEqual([second, third]);
  expect(jobs.byId(first?.id ?? "")).toBeUndefined();
  expect(jobs.byId(third?.id ?? "")).toBe(third);
});
