import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import type { RawReply, Transport } from "../../http/transport.js";
import { onAbort } from "../../time/on-abort.js";
import { readBody } from "./body.js";

/**
 * Requests by `node:http` and `node:https`: HTTP/1.1, connections kept alive by the agent, no redirects, no decoding, and an error where a
 * body ends before its length or its last chunk.
 */
export function nodeTransport(agent?: object): Transport {
  return async (url, { method = "GET", headers, body, signal }) => {
    // The function as it is now: libraries that mock HTTP replace it on the module's object, not among its names.
    const { request } = (url.protocol === "https:" ? await import("node:https") : await import("node:http"))
      .default;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sent = request(url, { method, headers, ...(agent && { agent: agent as Agent }) });
      const removeListener = onAbort(signal, (reason) =>
        sent.destroy(reason instanceof Error ? reason : new Error("aborted")),
      );
      sent.on("close", removeListener);
      sent.on("error", reject);
      sent.on("response", (reply) => resolve(toRawReply(url, sent, reply)));
      sent.end(body);
    });
  };
}

function toRawReply(url: URL, sent: ClientRequest, reply: IncomingMessage): RawReply {
  const headers = toHeaders(reply.rawHeaders);
  const ended: { reason?: unknown } = {};
  const body = readBody(sent, reply, ended);
  return {
    status: reply.statusCode ?? 0,
    headers,
    url,
    body,
    nextBuffered: body.nextBuffered,
    framing: framingOf(headers),
    destroy(reason = new Error("ended")) {
      if ("reason" in ended) return;
      ended.reason = reason;
      if (reply.complete && reply.readableEnded) return; // the agent uses the connection again
      reply.destroy();
      sent.destroy();
    },
  };
}

function toHeaders(rawHeaders: readonly string[]): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    try {
      headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
    } catch {
      // nothing that is needed stands in a header that Headers refuses
    }
  }
  return headers;
}

/** RFC 9112 §6.3: Transfer-Encoding overrides Content-Length; without both the connection's end is the body's. */
function framingOf(headers: Headers): RawReply["framing"] {
  if (headers.has("transfer-encoding")) return "chunked";
  return headers.has("content-length") ? "length" : "close";
}
