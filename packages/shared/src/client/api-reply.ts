import { ReplyTooLarge, readText } from "../http/read-text.js";
import { parseJson, withExactIntegers } from "../workflow/json.js";
import { toReply } from "../workflow/reply.js";
import type { Operation } from "../workflow/workflow.js";
import type { ApiCall } from "./openapi-fetch.js";
import type { RequestContext } from "./request-context.js";
import type { RequestDependencies } from "./step-requests.js";

/**
 * Makes openapi-fetch read not more than `maxReplyBytes` of a reply, and integers exactly.
 * @throws {@link ApiError} for an error that comes with a status of success
 */
export async function limitReply(
  { definition, errors, maxReplyBytes }: RequestDependencies,
  response: Response,
  { parseAs }: ApiCall,
  operation: Operation,
  context: RequestContext,
): Promise<Response> {
  if (parseAs === "stream") return response;
  const { status, ok, headers } = response;
  const isError = definition.errors?.when;
  let text: Promise<string> | undefined;
  const read = () => {
    text ??= readText(response, maxReplyBytes).catch((error) => {
      if (!(error instanceof ReplyTooLarge)) throw error;
      const problem = `more than ${maxReplyBytes} bytes; raise maxReplyBytes, or read it with parseAs: "stream"`;
      throw errors.protocol(operation, toReply(status, headers, ""), problem, context);
    });
    return text;
  };
  if (isError && ok && isJson(headers)) {
    const reply = toReply(status, headers, await read());
    if (isError(reply)) throw errors.api(operation, reply, context);
  }
  // What openapi-fetch parses by itself are the bodies of errors.
  return Object.assign(response, { text: async () => (ok ? read() : withExactIntegers(await read())) });
}

/**
 * Parses a good reply as its media type says: JSON, or else text.
 * @throws {@link ProtocolError} for JSON that is none
 */
export function parseReply(
  { errors }: RequestDependencies,
  text: string,
  { status, headers }: Response,
  operation: Operation,
): unknown {
  const hasType = headers.has("content-type");
  if (hasType && !isJson(headers)) return text;
  if (text.trim() === "") return undefined;
  try {
    return parseJson(text);
  } catch {
    if (!hasType) return text;
    throw errors.protocol(operation, toReply(status, headers, ""), "no valid JSON", { kind: "call" });
  }
}

function isJson(headers: Headers): boolean {
  return /[/+]json\b/i.test(headers.get("content-type") ?? "");
}
