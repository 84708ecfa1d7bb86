import { platform } from "#platform";
import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/request-context.js";
import { createRequestPipeline } from "../client/request-pipeline.js";
import { ANY_FILE } from "../file/file-types.js";
import { fetchTransport } from "../http/fetch-transport.js";
import { redirectUrl } from "../http/redirect-url.js";
import type { RawReply, Transport, TransportRequest } from "../http/transport.js";
import { requestFile, type StatusOrFile } from "../polling/file-request.js";
import type { PollStep } from "../workflow/workflow.js";

const MAX_REDIRECTS = 5;

/** Asks whether the file is at a link. Neither the credentials nor the limits of the vendor's API have to do with the host of the file. */
export async function requestLink(
  connection: Connection,
  poll: PollStep,
  link: URL,
  context: RequestContext,
): Promise<StatusOrFile> {
  const { vendor, clock, errors, events, requestTimeoutMs, agent, fetch } = connection;
  const transport =
    platform.createTransport(agent, fetch) ??
    fetchTransport(fetch ?? ((...call) => globalThis.fetch(...call)), platform.watchConnection);
  const pipeline = createRequestPipeline({
    vendor,
    clock,
    credentials: { ...connection.credentials, renewable: false, headers: () => ({}) },
    limiter: undefined,
    errors,
    events,
    requestTimeoutMs,
    isRefused: undefined,
  });
  const headers = { ...connection.headers, accept: "*/*", "accept-encoding": "identity" };
  const open: Connection["open"] = (operation, _, context, receive) =>
    pipeline.request(operation, context, (signal) => follow(transport, link, { headers, signal }), receive);
  return requestFile({ ...connection, open }, { ...poll, file: ANY_FILE }, {}, context);
}

/** Sends a request and follows its redirects; one that leads nowhere, or from https to plain http, is returned as the reply. */
async function follow(transport: Transport, link: URL, request: TransportRequest): Promise<RawReply> {
  let at = link;
  for (let hops = 0; ; hops++) {
    const reply = await transport(at, request);
    const next = /^30[12378]$/.test(String(reply.status)) ? redirectUrl(reply.headers, at) : undefined;
    if (!next || hops === MAX_REDIRECTS || !isAsSafe(next, at)) return reply;
    reply.destroy();
    at = next;
  }
}

/** True if the second address is no less protected than the first. */
function isAsSafe(next: URL, before: URL): boolean {
  return next.protocol === "https:" || (next.protocol === "http:" && before.protocol === "http:");
}
