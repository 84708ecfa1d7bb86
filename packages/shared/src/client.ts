import type { ApiClient } from "./client/api-client.js";
import { createConnection } from "./client/connection.js";
import type { ClientDefinition, StartOptions } from "./client/options.js";
import type { ExportJob } from "./job/export-job.js";
import { Job } from "./job/job.js";
import { startJob } from "./job/start.js";
import { ResumeTokenError } from "./record/errors.js";
import { decodeToken } from "./record/resume-token.js";
import type { Workflow } from "./workflow/workflow.js";

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
      api ??= connection.createApi<Paths>();
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
