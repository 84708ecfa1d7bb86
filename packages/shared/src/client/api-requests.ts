import { type FullReply, toReply } from "../workflow/reply.js";
import type { Operation } from "../workflow/workflow.js";
import { type ApiClient, createOpenapiFetchClient } from "./openapi-fetch.js";
import type { RequestContext } from "./request-context.js";
import { liveFetch, type RequestDependencies } from "./step-requests.js";

/** Makes the typed client of all operations, whose requests go through the client's pipeline. */
export function createApi<Paths extends {}>({
  definition,
  baseUrl,
  headers,
  credentials,
  errors,
  fetch,
  pipeline,
}: RequestDependencies): ApiClient<Paths> {
  const { when: isError } = definition.errors ?? {};
  const doFetch = liveFetch(fetch);

  /** Throws an error that comes with a status of success: it is one for the caller, too. */
  async function checkBody(
    response: Response,
    operation: Operation,
    context: RequestContext,
    isError: (reply: FullReply) => boolean,
  ): Promise<Response> {
    const reply = toReply(response.status, response.headers, await response.clone().text());
    if (isError(reply)) throw errors.api(operation, reply, context);
    return response;
  }

  return createOpenapiFetchClient<Paths>(baseUrl, (request, { path, signal }) => {
    const operation = { id: "", method: request.method as Operation["method"], path }; // openapi-fetch has upper-case methods
    const context: RequestContext = { kind: "call", signal };
    const secondRequest = credentials.renewable ? request.clone() : request;
    let next = request;
    return pipeline.request(
      operation,
      context,
      (limitSignal, auth) => {
        const current = next;
        next = secondRequest;
        for (const name in headers) current.headers.set(name, headers[name] ?? "");
        for (const name in auth) current.headers.set(name, auth[name] ?? "");
        return doFetch(current, { signal: limitSignal });
      },
      (response) =>
        isError && isJson(response) ? checkBody(response, operation, context, isError) : response,
    );
  });
}

function isJson({ ok, headers }: Response): boolean {
  return ok && headers.get("content-type")?.includes("json") === true;
}
