import { ReplyTooLarge, readText } from "../http/read-text.js";
import { parseJson, withExactIntegers } from "../workflow/json.js";
import { toReply } from "../workflow/reply.js";
import type { Operation } from "../workflow/workflow.js";
import type { ApiCall } from "./openapi-fetch.js";
import type { RequestContext } from "./request-context.js";
import type { RequestDependencies } from "./step-requests.js";

/**
 * Reads a reply within the time of its request, not more than `maxReplyBytes` of it, and makes openapi-fetch read integers exactly.
 * @returns the reply with its whole body in memory; as it is where the caller reads it as a stream
 * @throws {@link ApiError} for an error that comes with a status of success
 */
export async function limitReply(
  { definition, errors, maxReplyBytes }: RequestDependencies,
  response: Response,
  { parseAs }: ApiCall,
  operation: Operation,
  context: RequestContext,
  signal: AbortSignal,
): Promise<Response> {
  const { status, ok, headers } = response;
  if (parseAs === "stream" || !status) return response; // a browser hides what a redirect answers
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const kept = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, next) {
      chunks.push(chunk);
      next.enqueue(chunk);
    },
  });
  const read = new Response(response.body?.pipeThrough(kept), response);
  const text = await readText(read, maxReplyBytes, signal).catch((error) => {
    if (!(error instanceof ReplyTooLarge)) throw error;
    const problem = `more than ${maxReplyBytes} bytes; raise maxReplyBytes, or read it with parseAs: "stream"`;
    throw errors.protocol(operation, toReply(status, headers, ""), problem, context);
  });
  const isError = definition.errors?.when;
  if (isError && ok && isJson(headers)) {
    const reply = toReply(status, headers, text);
    if (isError(reply)) throw errors.api(operation, reply, context);
  }
  // A reply such as 204 may not have a body, not even an empty one.
  const whole = new Response(chunks.length > 0 ? new Blob(chunks) : null, response);
  Object.defineProperty(whole, "url", { value: response.url });
  // What openapi-fetch parses by itself are the bodies of errors.
  if (!ok) whole.text = async () => withExactIntegers(text);
  return whole;
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
