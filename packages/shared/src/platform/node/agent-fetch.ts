import { decodeBody } from "./decode.js";
import { nodeTransport } from "./transport.js";

/** A `fetch` whose requests go by `node:http(s)` and an agent. It follows no redirect, and takes a body that is text or bytes. */
export async function agentFetch(agent: object, url: URL, init: RequestInit): Promise<Response> {
  const { method, body, signal } = init;
  const { status, headers, ...reply } = await nodeTransport(agent)(url, {
    method,
    headers: Object.fromEntries(new Headers(init.headers)),
    body:
      body instanceof ArrayBuffer ? new Uint8Array(body) : ((body as string | null | undefined) ?? undefined), // a client sends no other bodies
    signal: signal ?? undefined,
  });
  const encoding = headers.get("content-encoding") ?? "";
  const isEmpty = method === "HEAD" || [204, 205, 304].includes(status);
  if (isEmpty || !reply.body) {
    reply.destroy();
    return new Response(null, { status, headers });
  }
  const content = encoding && encoding !== "identity" ? decodeBody(reply.body, encoding) : reply.body;
  return new Response(toStream(content, reply.destroy), { status, headers });
}

function toStream(
  body: AsyncIterable<Uint8Array>,
  destroy: (reason?: unknown) => void,
): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: destroy,
  });
}
