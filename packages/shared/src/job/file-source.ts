import { requestUrl } from "../client/api.js";
import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/exchange.js";
import type { RawReply } from "../http/transport.js";
import type { FileSource } from "../transfer/source.js";
import { toReply } from "../workflow/reply.js";
import type { JobReference, Workflow } from "../workflow/workflow.js";

/** How long an error that comes with a code of success may be: less than any file worth exporting, or all of it. */
const ENVELOPE_BYTES = 4096;

/** Where the file of a finished job is: at the vendor, or at an address that the vendor tells. */
export function jobFile(
  connection: Connection,
  workflow: Workflow,
  job: JobReference,
  context: RequestContext,
  { reply, fileName }: { reply?: RawReply | undefined; fileName?: string | undefined },
): FileSource {
  const { baseUrl, credentials, headers } = connection;
  const step = workflow.download ?? workflow.poll;
  const { protocol } = new URL(baseUrl);
  const { when } = connection.definition.errors ?? {};

  return {
    ...(reply ? { reply } : {}),
    fileName: fileName ?? `${connection.vendor}-${job["id"]}`,
    redact: credentials.redact,
    inspect({ status, headers }) {
      if (!when || !/json/.test(headers.get("content-type") ?? "")) return undefined;
      return {
        bytes: ENVELOPE_BYTES,
        refuses(head) {
          const told = toReply(status, headers, new TextDecoder().decode(head));
          return !told.unreadable && when(told)
            ? connection.errors.api(step.operation, told, context)
            : undefined;
        },
      };
    },
    allowHttp: protocol === "http:",
    async locate({ renew, signal }) {
      const parts = step.request(job);
      const fileUrl = workflow.download?.fileUrl;
      if (fileUrl) {
        const told = await connection.send(step.operation, parts, { ...context, signal });
        if (!told.ok || when?.(told)) throw connection.errors.api(step.operation, told, context);
        const text = String(fileUrl(told) ?? "")
          .trim()
          .replace(/^"(.*)"$/, "$1");
        const url = URL.canParse(text, baseUrl) ? new URL(text, baseUrl) : undefined;
        if (!url || text === "")
          throw connection.errors.protocol(step.operation, told, "no address of a file", context);
        return { url, trusted: false };
      }
      if (renew) credentials.renew();
      const url = requestUrl(baseUrl, step.operation.path, parts);
      return {
        url,
        headers: { ...headers, accept: "*/*", ...parts.headers, ...(await credentials.headers()) },
        trusted: true,
      };
    },
    enter: async (_url, signal) => connection.enter("download", signal),
  };
}
