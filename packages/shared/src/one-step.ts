import type { ApiClient } from "./client/api-client.js";
import { createConnection } from "./client/connection.js";
import type { ClientDefinition } from "./client/options.js";
import type { Client } from "./client.js";
import { Job } from "./job/job.js";
import { oneStepJobOf, startOneStep } from "./job/one-step.js";
import { startJob } from "./job/start.js";
import { ResumeTokenError } from "./record/errors.js";
import { decodeToken } from "./record/resume-token.js";

export { type OneStepDefinition, oneStep } from "./job/one-step.js";

/** The client of a vendor with workflows of one step. @throws {TypeError} naming the option that is missing or wrong */
export function createOneStepClient<Paths extends {}>(
  definition: ClientDefinition,
  options: object,
): Client<Paths> {
  const connection = createConnection(definition, options);
  let api: ApiClient<Paths> | undefined;
  return {
    get api() {
      api ??= connection.createApi<Paths>();
      return api;
    },
    start: (workflow, request, startOptions) =>
      (workflow.oneStep ? startOneStep : startJob)(connection, workflow, request, startOptions),
    resume(token) {
      const { vendor } = definition;
      const { workflow: name, job, createdAt } = decodeToken(token, vendor, connection.account);
      const workflow = definition.workflows.find((known) => known.name === name);
      const fail = (why: string) => new ResumeTokenError(`${vendor}: cannot resume: ${why}`, { vendor });
      if (!workflow) throw fail(`this version of the package has no ${name}`);
      if (!workflow.oneStep) return new Job(connection, workflow, { job, createdAt, resumed: true });
      const resumed = oneStepJobOf(connection, workflow, { job, createdAt });
      if (!resumed) throw fail("the token was altered or cut; pass job.token, whole");
      return resumed;
    },
  };
}
