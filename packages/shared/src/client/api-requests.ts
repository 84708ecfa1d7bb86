import { ReplyTooLarge, readText } from "../http/read-text.js";
import { parseJson, withExactIntegers } from "../workflow/json.js";
import { toReply } from "../workflow/reply.js";
import type { Operation } from "../workflow/workflow.js";
import { type ApiCall, type ApiClient, createOpenapiFetchClient } from "./openapi-fetch.js";
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
  maxReplyBytes,
}: RequestDependencies): ApiClient<Paths> {
  const { when: isError } = definition.errors ?? {};
  const doFetch = liveFetch(fetch);

  /** Makes openapi-fetch read the body with a limit and exact integers, and throws an error that comes with a status of success. */
  async function receive(response: Response, call: ApiCall, operation: Operation, context: RequestContext) {
    if (call.parseAs === "stream") return response;
    let text: Promise<string> | undefined;
    const read = () => (text ??= readText(response, maxReplyBytes).catch(refuse));
    const refuse = (error: unknown): never => {
      if (!(error instanceof ReplyTooLarge)) throw error;
      const { status, headers } = response;
      const problem = `more than ${maxReplyBytes} bytes; raise maxReplyBytes, or read it with parseAs: "stream"`;
      throw errors.protocol(operation, toReply(status, headers, ""), problem, context);
    };
    if (isError && isJson(response)) {
      const reply = toReply(response.status, response.headers, await read());
      if (isError(reply)) throw errors.api(operation, reply, context);
    }
    const isParsed = call.parseAs === undefined || call.parseAs === "json";
    return Object.assign(response, {
      text: async () => (isParsed ? withExactIntegers(await read()) : read()),
      json: async () => parseJson(await read()),
    });
  }

  return createOpenapiFetchClient<Paths>(baseUrl, (request, call) => {
    const { path, signal } = call;
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
      (response) => receive(response, call, operation, context),
    );
  });
}

function isJson({ ok, headers }: Response): boolean {
  return ok && headers.get("content-type")?.includes("json") === true;
}
