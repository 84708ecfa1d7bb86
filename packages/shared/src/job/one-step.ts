import { checksum } from "../client/checksum.js";
import type { Connection } from "../client/connection.js";
import type { StartOptions } from "../client/options.js";
import { requestUrl } from "../client/request-url.js";
import { toHex } from "../encoding/hex.js";
import { DownloadError } from "../errors/download-error.js";
import type { SavedFile, SaveTarget } from "../file/result.js";
import { showUrl } from "../http/show-url.js";
import { checkOptions } from "../options/check-options.js";
import type { JobOrigin, JobRecord } from "../record/record.js";
import type { FileSource } from "../transfer/source.js";
import type { Transfer } from "../transfer/transfer.js";
import { toReply } from "../workflow/reply.js";
import type {
  DownloadStep,
  EmptyExport,
  JobReference,
  Operation,
  Reply,
  RequestParts,
  Workflow,
} from "../workflow/workflow.js";
import type { CancelOutcome, ExportJob, JobSaveOptions } from "./export-job.js";
import { Job } from "./job.js";
import { START_OPTIONS } from "./start.js";

/** A workflow of one step, as the generator compiled it. */
export interface OneStepDefinition<Request> extends Pick<DownloadStep, "file" | "source"> {
  readonly name: string;
  readonly operation: Operation;
  request(request: Request): RequestParts;
  /** How the vendor says that there is nothing to export, and what becomes of it. */
  readonly empty?: { readonly when: (reply: Reply) => boolean; readonly file: EmptyExport };
}

type Flat = Record<string, unknown>;

/** How long the vendor may be silent before the first byte, as it makes the file while the client waits. */
const HEADERS_MS = 600_000;

/**
 * A workflow whose one request is the whole export: its reply is the file. The job has succeeded from the start, as there is nothing to wait for; the request
 * is sent when the file is wanted, and again with each download. Vendors without such a workflow do not load it.
 */
export function oneStep<Request extends object>(
  definition: OneStepDefinition<Request>,
): Workflow<Request, undefined> {
  const { name, operation, empty } = definition;
  const request = (job: JobReference) => definition.request(readRequest(job) as Request); // it was a request when the token was made
  return {
    name,
    start: { operation, request: definition.request, accepted: () => true, outputs: () => ({}) },
    poll: { operation, request, states: [] },
    download: {
      operation,
      request,
      ...(definition.file ? { file: definition.file } : {}),
      ...(definition.source ? { source: definition.source } : {}),
    },
    ...(empty ? { empty: empty.file } : {}),
    oneStep: empty ? { isEmpty: empty.when } : {},
  };
}

/** Makes a job of a request, without sending it. @throws {TypeError} if it cannot be sent */
export async function startOneStep<Request, Raw>(
  connection: Connection,
  workflow: Workflow<Request, Raw>,
  given: Request,
  options: StartOptions = {},
): Promise<ExportJob<Raw>> {
  const { vendor, baseUrl, clock } = connection;
  const { name, start } = workflow;
  if (typeof given !== "object" || given === null)
    throw new TypeError(`${vendor}: ${name}: expects an object`);
  checkOptions(`${vendor}: ${name}`, options, START_OPTIONS);
  options.signal?.throwIfAborted();
  const { path, query } = start.request(given);
  requestUrl(baseUrl, start.operation.path, { path: { ...path }, query: { ...query } }); // a request that cannot be sent is refused now
  const id = toHex(crypto.getRandomValues(new Uint8Array(6)));
  const job = { id, request: JSON.stringify({ ...path, ...query }) };
  return new OneStepJob(connection, workflow, { job, createdAt: clock.now() });
}

/** The job of a resume token; `undefined` if the token holds no request. */
export function oneStepJobOf(
  connection: Connection,
  workflow: Workflow<never, never>,
  origin: JobOrigin,
): ExportJob | undefined {
  const { job } = origin;
  return job["id"] && readRequest(job) ? new OneStepJob(connection, workflow, origin) : undefined;
}

/** The fields of the request that a job holds; `undefined` if it holds none. */
function readRequest({ request = "" }: JobReference): Flat | undefined {
  try {
    const fields: unknown = JSON.parse(request);
    return typeof fields === "object" && fields !== null ? (fields as Flat) : undefined;
  } catch {
    return undefined;
  }
}

/** A job that the vendor knows nothing of until its file is asked for. */
class OneStepJob<Raw> extends Job<Raw> {
  constructor(connection: Connection, workflow: Workflow<never, Raw>, origin: JobOrigin) {
    let record: JobRecord<Raw>;
    const { download, empty, oneStep } = workflow;
    const source = async <T extends object>(given: T, connected: object): Promise<T> =>
      oneStepSource(
        (await download?.source?.(given, connected, record)) ?? given,
        record,
        empty,
        oneStep?.isEmpty,
      );
    super(
      connection,
      {
        ...workflow,
        ...(download ? { download: { ...download, source } } : {}),
        // Where others send a step that the vendor waits for, there is nothing left to do.
        further: {
          isDue: () => false,
          async send(given) {
            record = given as JobRecord<Raw>; // a job sends its own record
            record.end("succeeded");
            return undefined;
          },
        },
      },
      { job: origin.job, createdAt: origin.createdAt },
    );
  }

  override async save(to: SaveTarget, options: JobSaveOptions = {}): Promise<SavedFile> {
    try {
      return await super.save(to, options);
    } catch (error) {
      // That there is nothing to export is known with the reply; now `ifEmpty` decides.
      if (this.snapshot.state !== "empty" || options.ifEmpty === "error") throw error;
      return super.save(to, options);
    }
  }

  override async cancel(): Promise<CancelOutcome> {
    return "unsupported";
  }
}

/** The source of the file, with what its one request tells: which file it is, and that there is none. */
function oneStepSource<T extends object, Raw>(
  given: T,
  record: JobRecord<Raw>,
  empty: EmptyExport | undefined,
  saysEmpty: ((reply: Reply) => boolean) | undefined,
): T {
  const source = given as unknown as FileSource; // a job hands over its own source
  let transfer: Transfer | undefined;
  let address: URL | undefined;
  const own: Partial<FileSource> = {
    async locate(options) {
      const location = await source.locate(options);
      address = location.url;
      return location;
    },
    wrap(created, createTransfer) {
      const raw = created as unknown as Transfer; // only transfers are wrapped
      transfer = raw;
      raw.timeouts.configure({
        timeouts: { headersMs: raw.state.options.timeouts?.headersMs ?? HEADERS_MS },
      });
      // Exports of one path differ in their requests alone.
      const sourceKey = async () => `${await raw.sourceKey()} ${checksum(record.job["request"] ?? "")}`;
      const named = { ...raw, sourceKey } as unknown as typeof created;
      return source.wrap?.(named, createTransfer) ?? named;
    },
    annotate(error) {
      if (empty && saysEmpty && isEmpty(error, saysEmpty)) {
        record.ended = undefined;
        record.end("empty");
        try {
          empty.reply(record, "error");
        } catch (emptyError) {
          return source.annotate?.(emptyError);
        }
      }
      return source.annotate?.(error);
    },
  };
  return { ...given, ...own };

  /** True if the vendor's own reply says that there is nothing: not that of a host that it redirects to, and not once the file had begun. */
  function isEmpty(error: unknown, when: (reply: Reply) => boolean): boolean {
    if (!(error instanceof DownloadError) || error.status === undefined || !address) return false;
    const { state } = transfer ?? {};
    const isOwn = error.message.startsWith(`download: ${showUrl(address)} `);
    if (!isOwn || state?.head || state?.bytes) return false;
    return when(toReply(error.status, new Headers(), error.body ?? ""));
  }
}
