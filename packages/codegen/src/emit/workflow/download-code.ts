import { type Body, isGzipType, mediaTypeOf, type OpenApi, type Reading } from "@outhaul/spec";
import type { WorkflowPlan } from "../../plan/workflow-plan.js";
import { criteriaCode } from "./criteria-code.js";
import { readingCode } from "./reading-code.js";
import { jobRequestCode } from "./request-code.js";
import { objectCode, operationCode, readsBody } from "./step-code.js";

type DownloadPlan = NonNullable<WorkflowPlan["download"]>;

/** The step that fetches the file. */
export function downloadCode(plan: WorkflowPlan, document: OpenApi, hasKey: boolean): string[] {
  const { download } = plan;
  if (!download) return [];
  const { operation, request, fileUrl, compression, inside, bodies, file, trustedOrigin } = download;
  const read = (reading: Reading): string => readingCode(reading, { document, bodies });
  const type = replyTypeOf(download);
  const parameter = type ? `reply: Reply<${type}>` : "reply";
  return [
    objectCode("download", [
      operationCode(operation, request.body.length > 0),
      `request: ${jobRequestCode(request)}`,
      ...(fileUrl ? [`fileUrl: (${parameter}) => ${read(fileUrl)}`] : []),
      ...fileCode(file),
      ...sourceCode({
        inside: inside === undefined ? insideOf(file) : { "*/*": inside },
        compression: compression && `(${parameter}) => ${read(compression)}`,
        hasKey: hasKey && !fileUrl,
        trustedOrigin,
        parts: countCode(plan, document) ?? partsCode(download, parameter, read),
      }),
    ]),
  ];
}

/** The name of the type of the reply that the download reads, where it reads the body of one. */
export function replyTypeOf({ fileUrl, nextPage, bodies }: DownloadPlan): string | undefined {
  if (bodies.length === 0) return undefined;
  if (fileUrl) return "FileAddress";
  return nextPage && readsBodyOf(nextPage) ? "Page" : undefined;
}

function readsBodyOf({ value, tests }: NonNullable<DownloadPlan["nextPage"]>): boolean {
  return value.kind === "body" || readsBody(tests);
}

/** What says how many parts the file is made of. */
function countCode({ download, poll, typeName }: WorkflowPlan, document: OpenApi): string | undefined {
  if (!download?.partNumber) return undefined;
  const { count, first } = download.partNumber;
  const code = readingCode(count, { document, bodies: poll.bodies });
  return `count: (reply: Reply<${typeName}Status>) => ${code}, first: ${first}`;
}

/** What says of which parts the file is made. */
function partsCode(
  { files, nextPage }: DownloadPlan,
  parameter: string,
  read: (reading: Reading) => string,
): string | undefined {
  if (files) {
    const { list, item } = files;
    return `files: (${parameter}) => ${read(list)}${item.length > 0 ? `, item: ${JSON.stringify(item)}` : ""}`;
  }
  if (!nextPage) return undefined;
  const { value, tests } = nextPage;
  const next = tests.length > 0 ? `${criteriaCode(tests, read)} ? ${read(value)} : undefined` : read(value);
  const reply = parameter === "reply" ? "reply: Reply" : parameter;
  const header = nextPage.header === undefined ? "" : `, header: ${JSON.stringify(nextPage.header)}`;
  return `nextPage: (${reply}) => ${next}${header}${readsBodyOf(nextPage) ? ", inBody: true" : ""}`;
}

/** The media types of a file, each with its first bytes. */
export function fileCode(file: readonly Body[] | undefined): string[] {
  if (!file) return [];
  const types = file.map(
    ({ contentType, signature = "" }) =>
      `${JSON.stringify(mediaTypeOf(contentType))}: ${JSON.stringify(signature)}`,
  );
  return [`file: { ${types.join(", ")} }`];
}

/** What is inside the gzip files, by their media types. */
export function insideOf(file: readonly Body[] = []): Readonly<Record<string, string>> {
  const gzip = file.filter(({ contentType }) => isGzipType(contentType));
  return Object.fromEntries(gzip.map(({ contentType, inside = "" }) => [mediaTypeOf(contentType), inside]));
}

/** What makes the source of a file another one: what names and unpacks gzip files, and what puts a key into the query. Other vendors do not load it. */
export function sourceCode({
  inside,
  compression,
  hasKey,
  trustedOrigin,
  parts,
}: {
  inside: Readonly<Record<string, string>>;
  compression?: string | undefined;
  hasKey: boolean;
  trustedOrigin?: string | undefined;
  parts?: string | undefined;
}): string[] {
  const word = [`inside: ${JSON.stringify(inside)}`, ...(compression ? [`compression: ${compression}`] : [])];
  const trusting = trustedOrigin && `sourceWithCredentials(source, ${JSON.stringify(trustedOrigin)})`;
  const keyed = hasKey ? "await sourceWithKey(source)" : trusting ? `await ${trusting}` : "source";
  const isGzip = Object.keys(inside).length > 0;
  if (!isGzip && !parts) {
    if (trusting) return [`source: (source) => ${trusting}`];
    return hasKey ? ["source: sourceWithKey"] : [];
  }
  const one = isGzip
    ? `(await import("@outhaul/shared/gzip")).gzipSource(${keyed}, { ${word.join(", ")} })`
    : keyed;
  if (!parts) return [`source: async (source) => ${one}`];
  return [
    `source: async (source, connection, job) => (await import("@outhaul/shared/parts")).partsSource(${one}, connection, { ${parts} }, job)`,
  ];
}
