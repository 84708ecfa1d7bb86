import type { Connection } from "../client/connection.js";
import type { RequestContext } from "../client/request-context.js";
import { toHex } from "../encoding/hex.js";
import { DownloadError } from "../errors/download-error.js";
import { ProtocolError } from "../errors/request-errors.js";
import { parseUrl } from "../http/parse-url.js";
import { showUrl } from "../http/show-url.js";
import type { RawReply } from "../http/transport.js";
import type { StatusOrFile } from "../polling/file-request.js";
import { ResumeTokenError } from "../record/errors.js";
import type { JobRecord } from "../record/record.js";
import type { FileSource } from "../transfer/source.js";
import type { Transfer } from "../transfer/transfer.js";
import { firstText } from "../workflow/reply.js";
import type { JobReference, PollStep, Reply } from "../workflow/workflow.js";
import { requestLink } from "./request-link.js";
import { seal, unseal } from "./seal.js";

/** How many links a client keeps beside their jobs; the others are unsealed again. */
const MAX_KEPT = 1000;

/** The links of each client, by what they were sealed to: a job goes on when its client's key is renewed. */
const kept = /* @__PURE__ */ new WeakMap<object, Map<string, string>>();

/**
 * Seals the link of a job for its reference, so that only who has the credentials can read it in the resume token.
 * @throws {@link ProtocolError} if it is no link, or one without the protection that the vendor's API has
 */
export async function sealLink(
  given: object,
  workflow: string,
  { status }: Reply,
  text: unknown,
): Promise<{ fileUrl: string }> {
  const connection = given as Connection; // a start hands over its own connection
  const { vendor, baseUrl } = connection;
  const address = firstText(text)?.trim();
  const url = address && parseUrl(address, baseUrl);
  const isSafe = url && ["https:", new URL(baseUrl).protocol].includes(url.protocol);
  if (!isSafe)
    throw new ProtocolError(
      `${vendor}: ${workflow}: the vendor accepted the export (${status}) but gave no ${url ? "https " : ""}link to its file. Look for it at the vendor before you start it again`,
      { vendor },
    );
  // The job is there: it is not lost because a function of the user's fails now, or a page without https has no cryptography. Its token is good for this process alone then.
  const fileUrl = await secretOf(connection)
    .then((secret) => seal(url.href, secret))
    .catch(() => toHex(crypto.getRandomValues(new Uint8Array(16))));
  keep(connection, fileUrl, url.href);
  return { fileUrl };
}

/** The link of a job. @throws {@link ResumeTokenError} if it was sealed with other credentials */
async function linkOf(connection: Connection, { id, fileUrl = "" }: JobReference): Promise<URL> {
  const { vendor } = connection;
  const known = kept.get(connection)?.get(fileUrl);
  const link = known ?? (await unseal(fileUrl, await secretOf(connection)));
  if (link === undefined)
    throw new ResumeTokenError(
      `${vendor}: cannot resume: the link to the file was sealed with other credentials. Make the client with those that started the export, or start a new one`,
      { vendor, jobId: id },
    );
  if (known === undefined) keep(connection, fileUrl, link);
  return new URL(link);
}

function keep(connection: Connection, sealed: string, link: string): void {
  const links = kept.get(connection) ?? new Map<string, string>();
  kept.set(connection, links.set(sealed, link));
  const [oldest] = links.keys();
  if (links.size > MAX_KEPT && oldest !== undefined) links.delete(oldest);
}

/** All headers that the client signs in with. */
async function secretOf({ credentials }: Connection): Promise<string> {
  return JSON.stringify(Object.entries(await credentials.headers()).sort());
}

/** Asks at the link of a job, whose file is the reply. A link that cannot be read is a reply, too, whose body is the error. */
export async function requestFile(
  connection: Connection,
  poll: PollStep,
  job: JobReference,
  context: RequestContext,
): Promise<StatusOrFile> {
  let link: URL;
  try {
    link = await linkOf(connection, job);
  } catch (error) {
    if (!(error instanceof ResumeTokenError))
      throw connection.errors.credentials(poll.operation, error, context);
    return {
      status: 0,
      reply: { status: 0, ok: false, headers: new Headers(), body: error },
      file: undefined,
    };
  }
  return requestLink(connection, poll, link, context);
}

/** The source of the file at a job's link, to which nothing of the vendor's API applies. */
export function linkSource<T extends object>(given: T, connection: object, job: object): T {
  const { acquire: _, isRefused: __, inspect: ___, ...source } = given as unknown as FileSource; // a job hands over its own source
  const record = job as JobRecord<unknown>; // and its record
  const own: FileSource = {
    ...source,
    locate: async () => ({ url: await linkOf(connection as Connection, record.job), trusted: false }),
    wrap: <Wrapped extends object>(transfer: Wrapped) =>
      source.reply?.body
        ? (checkedTransfer(transfer as unknown as Transfer, source.reply, source) as unknown as Wrapped) // only transfers are wrapped
        : transfer,
  };
  return own as unknown as T;
}

/** The transfer of a file that came with the poll. Its address is that of another host, so `allowUrl` is asked for it before its first byte. */
function checkedTransfer(transfer: Transfer, { url, destroy }: RawReply, { annotate }: FileSource): Transfer {
  async function* steps(): Transfer["steps"] {
    const { allowUrl } = transfer.state.options;
    if ((await allowUrl?.(new URL(url))) === false) {
      destroy();
      const error = new DownloadError("URL_NOT_ALLOWED", `download: ${showUrl(url)} is refused by allowUrl`);
      throw annotate?.(error) ?? error;
    }
    yield* transfer.steps;
  }
  return { ...transfer, steps: steps() };
}
