import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import type { ByteTransport, RawReply } from "../../http/transport.js";
import { bodyChunks } from "./body.js";

/**
 * Requests by `node:http` and `node:https`: HTTP/1.1, connections kept alive by the agent, no redirects, no decoding, and an error where a
 * body ends before its length or its last chunk.
 */
export function nodeTransport(agent?: object): ByteTransport {
  return async (url, { method = "GET", headers, body, signal }) => {
    const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sent = request(url, { method, headers, ...(agent && { agent: agent as Agent }) });
      const abort = () =>
        sent.destroy(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      signal?.addEventListener("abort", abort, { once: true });
      sent.on("close", () => signal?.removeEventListener("abort", abort));
      sent.on("error", reject);
      sent.on("response", (reply) => resolve(toReply(url, sent, reply)));
      sent.end(body);
    });
  };
}

function toReply(url: URL, sent: ClientRequest, reply: IncomingMessage): RawReply {
  const headers = new Headers();
  for (let i = 0; i + 1 < reply.rawHeaders.length; i += 2) {
    try {
      headers.append(reply.rawHeaders[i] ?? "", reply.rawHeaders[i + 1] ?? "");
    } catch {
      // a header that Headers does not take has nothing that is needed
    }
  }
  const ended: { reason?: unknown } = {};
  const body = bodyChunks(reply, ended);
  return {
    status: reply.statusCode ?? 0,
    headers,
    url,
    body,
    more: body.more,
    framing: headers.has("transfer-encoding")
      ? "chunked"
      : headers.has("content-length")
        ? "length"
        : "close",
    destroy(reason = new Error("ended")) {
      if ("reason" in ended) return;
      ended.reason = reason;
      if (reply.complete && reply.readableEnded) return; // the connection is used again
      reply.destroy();
      sent.destroy();
    },
  };
}
