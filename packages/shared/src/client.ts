import type { ApiClient } from "./api.js";
import type { ClientDefinition, StartOptions } from "./client-types.js";
import { createConnection } from "./connection.js";
import { Job } from "./job.js";
import { ResumeTokenError } from "./job-errors.js";
import type { ExportJob } from "./job-types.js";
import { decodeToken } from "./resume-token.js";
import { startJob } from "./start.js";
import type { Workflow } from "./workflow.js";

/** What a vendor package makes its client from. */
export interface Client<Paths extends {}> {
  /** Made when it is first asked for. */
  readonly api: ApiClient<Paths>;
  start<Request, Raw>(
    workflow: Workflow<Request, Raw>,
    request: Request,
    options?: StartOptions,
  ): Promise<ExportJob<Raw>>;
  resume(token: string): ExportJob;
}

/** @throws {TypeError} naming the option that is missing or wrong */
export function createClient<Paths extends {}>(definition: ClientDefinition, options: object): Client<Paths> {
  const connection = createConnection(definition, options);
  let api: ApiClient<Paths> | undefined;
  return {
    get api() {
      api ??= connection.api<Paths>();
      return api;
    },
    start: (workflow, request, startOptions) => startJob(connection, workflow, request, startOptions),
    resume(token) {
      const { vendor } = definition;
      const { workflow: name, job, createdAt } = decodeToken(token, vendor, connection.account);
      const workflow = definition.workflows.find((known) => known.name === name);
      if (!workflow)
        throw new ResumeTokenError(`${vendor}: cannot resume: this version of the package has no ${name}`, {
          vendor,
        });
      return new Job(connection, workflow, { job, createdAt, resumed: true });
    },
  };
}
