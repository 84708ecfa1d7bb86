import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/request-context.js";
import { requestUrl } from "../client/request-url.js";
import { ANY_FILE } from "../file/file-types.js";
import { parseUrl } from "../http/parse-url.js";
import type { RawReply } from "../http/transport.js";
import type { JobRecord } from "../record/record.js";
import { withJob } from "../record/with-job.js";
import type { BodyInspection, FileSource } from "../transfer/source.js";
import { toReply } from "../workflow/reply.js";
import type { DownloadStep, JobReference, Operation, Reply } from "../workflow/workflow.js";

/** How long an error that comes with a status of success may be: less than any file worth exporting. */
const MAX_ERROR_BYTES = 4096;

/**
 * The source of a finished job's file: a request to the vendor, or an address that the vendor reports.
 * @param reply the poll's reply, if it is the file
 */
export async function jobFileSource<Raw>(
  record: JobRecord<Raw>,
  reply: RawReply | undefined,
): Promise<FileSource> {
  const { connection, steps, job } = record;
  const { baseUrl, credentials, headers, vendor } = connection;
  const step = steps.download ?? steps.poll;
  const fileUrl = steps.download?.fileUrl;
  const context = record.requestContext("download");
  const source: FileSource = {
    ...(reply ? { reply } : {}),
    types: (fileUrl ? undefined : step.file) ?? ANY_FILE,
    fileName: record.fileName ?? `${vendor}-${record.id}`,
    annotate: (error) => withJob(error, record),
    redact: credentials.redact,
    inspect: (reply) => inspectError(connection, step.operation, context, reply),
    isRefused: ({ status, headers }) =>
      !fileUrl &&
      connection.definition.errors?.renew?.({ status, ok: status < 300, headers, body: undefined }) === true,
    allowHttp: new URL(baseUrl).protocol === "http:",
    async locate({ renew, signal, nextPage }) {
      const parts = step.request({ ...job, nextPage } as JobReference); // the first page has none, which is not sent
      if (fileUrl) {
        const reply = await connection.send(step.operation, parts, { ...context, signal });
        const url = readFileUrl(connection, step.operation, context, fileUrl, reply);
        return { url, trusted: false, reply };
      }
      if (renew) credentials.renew();
      const auth = await credentials.headers();
      return {
        url: requestUrl(baseUrl, step.operation.path, parts),
        headers: { ...headers, accept: "*/*", ...parts.headers, ...auth },
        trusted: true,
      };
    },
    acquire: async (_url, signal) => connection.acquire(step.operation, { ...context, signal }),
  };
  return step.source?.(source, connection, record) ?? source;
}

/** Looks for an error that the vendor sends with a status of success, in place of the file. */
function inspectError(
  { definition, errors }: Connection,
  operation: Operation,
  context: RequestContext,
  { status, headers }: Pick<RawReply, "status" | "headers">,
): BodyInspection | undefined {
  const { when: isError } = definition.errors ?? {};
  if (!isError || !/json/.test(headers.get("content-type") ?? "")) return undefined;
  return {
    bytes: MAX_ERROR_BYTES,
    errorIn(head) {
      const reply = toReply(status, headers, new TextDecoder().decode(head));
      return !reply.unreadable && isError(reply) ? errors.api(operation, reply, context) : undefined;
    },
  };
}

/** The file's address in a reply. @throws {@link ApiError}, {@link ProtocolError} */
function readFileUrl(
  { baseUrl, definition, errors }: Connection,
  operation: Operation,
  context: RequestContext,
  fileUrl: NonNullable<DownloadStep["fileUrl"]>,
  reply: Reply,
): URL {
  if (!reply.ok || definition.errors?.when?.(reply)) throw errors.api(operation, reply, context);
  const text = String(fileUrl(reply) ?? "")
    .trim()
    .replace(/^"(.*)"$/, "$1");
  const url = text ? parseUrl(text, baseUrl) : undefined;
  if (!url) throw errors.protocol(operation, reply, "no address of a file", context);
  return url;
}
