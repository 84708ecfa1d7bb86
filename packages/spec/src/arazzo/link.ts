import { expressionsOf, parseValue } from "../condition/expression.js";
import type { OpenApi } from "../openapi/openapi.js";
import { type Operation, readOperations } from "../openapi/operations.js";
import type { Step, StepParameter, Workflow } from "./arazzo.js";

/** The id of the operation that stands for the request of a link, which no document of the vendor describes. */
export const LINK_OPERATION = "x-operation";

/** A reply that is not the file, in the format of Amazon S3, which most file stores share. */
function refusal(status: string, replies: Readonly<Record<string, string>>) {
  const examples = Object.entries(replies).map(([name, text]) => [name, { value: text }]);
  return {
    [status]: {
      description: "The file is not there.",
      content: { "application/xml": { schema: {}, examples: Object.fromEntries(examples) } },
    },
  };
}

function errorText(code: string, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>SANDBOX</RequestId></Error>`;
}

/** What the host of a file answers at its link: the file, or one of the replies that file stores have when it is not there, or not there any more. */
const linkDocument = {
  openapi: "3.1.0",
  info: { title: "A file store", version: "1" },
  paths: {
    "{fileUrl}": {
      get: {
        operationId: LINK_OPERATION,
        security: [],
        responses: {
          "200": { description: "The file.", content: { "application/octet-stream": { schema: {} } } },
          ...refusal("404", { missing: errorText("NoSuchKey", "The specified key does not exist.") }),
          ...refusal("403", {
            denied: errorText("AccessDenied", "Access Denied"),
            expired: errorText("AccessDenied", "Request has expired"),
          }),
          ...refusal("400", {
            expired: errorText("ExpiredToken", "The provided token has expired."),
          }),
          ...refusal("410", { gone: errorText("Gone", "The file is gone.") }),
        },
      },
    },
  },
};

let operation: Operation | undefined;

/** The request of a link, as an operation. */
export function linkOperation(): Operation {
  operation ??= readOperations(linkDocument as unknown as OpenApi)[0] as Operation; // it has all that is read, and one operation
  return operation;
}

/**
 * The workflow with an operation for each step that asks at a link, and with the credentials of the start as its own. What a workflow has of parameters goes to
 * every step, and so to the link: the document gives the credentials to the start alone.
 */
export function withLinks(workflow: Workflow): Workflow {
  const named = (workflow.steps ?? []).map((step) =>
    isLinkStep(step) ? { ...step, operationId: LINK_OPERATION } : step,
  );
  const [start, ...later] = named;
  if (!start || !named.some(isLinkStep)) return workflow;
  const { parameters = [], "x-security": security, ...rest } = start;
  const own = workflow.parameters ?? [];
  return {
    ...workflow,
    parameters: [...own, ...parameters.filter(isCredential)],
    ...(security ? { "x-security": security } : {}),
    steps: [{ ...rest, parameters: parameters.filter((one) => !isCredential(one)) }, ...later],
  };
}

/** True if a parameter of a start is a credential: of its headers, nothing else is given. */
function isCredential({ in: location, value }: StepParameter): boolean {
  const parsed = parseValue(value);
  return location === "header" && parsed !== undefined && expressionsOf(parsed).length > 0;
}

/** True if a step asks at a link that the start's reply brings. */
export function isLinkStep(step: Step): boolean {
  return step["x-operation"] !== undefined;
}
