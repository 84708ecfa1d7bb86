import { isGzipType, replaceAt, valueAt, wordsOf } from "@outhaul/spec";
import { faultKinds, type RequestFault } from "../fault/fault-kinds.js";
import { MEDIA_TYPES } from "../file/media-type.js";
import type { ExportFile } from "../job/export-file.js";
import { type Job, type JobState, partsOf, stateOf } from "../job/job.js";
import type { JobKind, Role } from "../job/job-kind.js";
import { acceptedReply, pollReply, type ReplyContext, viewReply } from "../job/job-reply.js";
import { listReply } from "../job/list-reply.js";
import { namedPage, pageIndex, pageName } from "../job/named-page.js";
import { type ReplyTemplate, successTemplates } from "../job/reply-template.js";
import type { Target } from "../job/target.js";
import { errorTemplate } from "../reply/error-reply.js";
import { emptyReply, type Reply, templateReply } from "../reply/reply.js";
import type { JsonObject } from "../spec/narrow.js";
import { type DocumentedReply, type Operation, successContents } from "../spec/open-api.js";
import type { NextPage, PartNumber } from "../spec/workflow.js";
import type { VendorState } from "./vendor-state.js";

/** A valid request to an operation. */
export interface OperationRequest {
  readonly operation: Operation;
  readonly target: Target | undefined;
  /** All fields of the request. */
  readonly fields: JsonObject;
  readonly fault: RequestFault | undefined;
  /** The origin that the request was sent to. */
  readonly origin: string;
  /** Called with the job that the request starts. */
  onStart(job: Job): void;
}

/** Handles a valid request as the vendor would. */
export async function handleOperation(state: VendorState, request: OperationRequest): Promise<Reply> {
  const { operation, target, fault } = request;
  const context: ReplyContext = {
    now: state.options.now(),
    origin: request.origin,
    fileOf: (job) => state.fileOf(job),
    ...(fault?.kind === "unknownStatus" && {
      unknownWord: fault.word ?? faultKinds.unknownStatus.fields.word.default,
    }),
  };
  const kind = state.kinds.find(({ start }) => start === operation);
  if (kind?.workflow.isOneStep) {
    const job = (target?.kind === "one" ? target.job : undefined) ?? state.start(kind, request.fields);
    request.onStart(job);
    return stateOf(job, context.now).name === "empty"
      ? templateReply(pollReply(job, context))
      : fileReply(state, operation, job, context, request.fields);
  }
  if (kind && !(target?.kind === "one" && target.role)) {
    const { openJobs } = state;
    if (state.options.enforceLimits && openJobs && openJobs.count() >= openJobs.max)
      return errorReply(state, operation, [429], "as many exports are open as may be at once");
    const job = state.start(kind, request.fields);
    request.onStart(job);
    const accepted = acceptedReply(job, context);
    return kind.workflow.poll.isLink ? linkReply(state, accepted, job, context) : templateReply(accepted);
  }
  if (target?.kind === "many") {
    const reply = listReply(operation, target.jobKind, target.jobs, context);
    if (target.isPoll) for (const job of target.jobs) job.polls += 1;
    return reply ? templateReply(reply) : exampleReply(operation);
  }
  if (!target) return exampleReply(operation);
  if (!target.job) return errorReply(state, operation, [404, 410, 400, 412]);
  return handleJobOperation(
    state,
    operation,
    target.job,
    target.role ?? roleOf(operation, target.job),
    context,
    request.fields,
  );
}

/** What a call does that no binding of the workflow tells. */
function roleOf(operation: Operation, { kind }: Job): Role | undefined {
  return kind.calls.find((call) => call.operation === operation)?.role;
}

async function handleJobOperation(
  state: VendorState,
  operation: Operation,
  job: Job,
  role: Role | undefined,
  context: ReplyContext,
  fields: JsonObject,
): Promise<Reply> {
  const { kind } = job;
  const jobState = stateOf(job, context.now);
  const isReady = jobState.name === "succeeded" && context.unknownWord === undefined;
  if (role === "further") {
    if (job.hasBegun) return errorReply(state, operation, [400, 409, 422], "the export has begun already");
    job.hasBegun = true;
    const begun = viewReply(job, operation, context);
    return begun ? templateReply(begun) : exampleReply(operation);
  }
  if (role === "cancel" && operation.method !== "DELETE") {
    job.options = { ...job.options, polls: 0, outcome: "cancelled" };
    return exampleReply(operation);
  }
  if (operation === kind.poll) {
    // The poll may be the download as well: then its last reply is the file, or has the file's address.
    const isFile = isReady && operation === kind.download && !kind.fileUrl;
    const polled = isFile ? undefined : pollReply(job, context);
    if (job.hasBegun) job.polls += 1;
    if (polled)
      return isReady && operation === kind.download
        ? linkReply(state, polled, job, context)
        : templateReply(polled);
  }
  if (operation.method === "DELETE") {
    state.jobs.remove(job);
    return exampleReply(operation);
  }
  if (redirectOf(operation) || isFileOperation(operation, kind)) {
    const error = notReady(state, operation, jobState, isReady);
    return error ?? fileReply(state, operation, job, context, fields);
  }
  const view = operation.method === "GET" ? viewReply(job, operation, context) : undefined;
  return view ? templateReply(view) : exampleReply(operation);
}

/** The documented redirect of an operation. */
function redirectOf({ replies }: Operation): DocumentedReply | undefined {
  return replies.find(({ status, headers }) => status >= 300 && headers.includes("location"));
}

/** True if an operation answers a file: the download, or a call with replies of file formats only. */
function isFileOperation(operation: Operation, kind: JobKind): boolean {
  if (operation === kind.download) return true;
  const types = successContents(operation).map(({ mediaType }) => mediaType);
  const isFileType = (type: string) =>
    isGzipType(type) || (type !== MEDIA_TYPES.json && Object.values(MEDIA_TYPES).includes(type));
  return operation.method === "GET" && types.length > 0 && types.every(isFileType);
}

/** The error of a download before the job has succeeded, or after its file has expired. */
function notReady(
  state: VendorState,
  operation: Operation,
  { name }: JobState,
  isReady: boolean,
): Reply | undefined {
  if (name === "expired") return errorReply(state, operation, [410, 404, 400], "the file has expired");
  return isReady ? undefined : errorReply(state, operation, [412, 409, 404, 400], "the file is not there");
}

/** The file of a job, a redirect to it, or its address. */
async function fileReply(
  state: VendorState,
  operation: Operation,
  job: Job,
  context: ReplyContext,
  fields: JsonObject,
): Promise<Reply> {
  const redirect = redirectOf(operation);
  if (redirect) return emptyReply(redirect.status, { location: await state.linkTo(job, context.origin) });
  const { kind } = job;
  const { nextPage, partNumber } = kind.workflow.download;
  if (operation === kind.download && nextPage)
    return pageReply(state, operation, job, nextPage, fields[nextPage.name]);
  if (operation === kind.download && partNumber)
    return partReply(state, operation, job, partNumber, fields[partNumber.name]);
  if (operation !== kind.download || !kind.fileUrl)
    return contentReply(operation, state.fileOf(job, operation));
  const template = viewReply(job, operation, context);
  return template ? linkReply(state, template, job, context) : exampleReply(operation);
}

/** The reply with a page of a job's file, which names the next one. */
function pageReply(
  state: VendorState,
  operation: Operation,
  job: Job,
  { value, criteria }: NextPage,
  given: unknown,
): Reply {
  const count = partsOf(job);
  const index = given === undefined ? 0 : pageIndex(String(given));
  if (!(index >= 0 && index < count))
    return errorReply(state, operation, [400, 404, 410], "there is no such page");
  if (value.kind === "header") {
    const reply = contentReply(operation, state.fileOf(job, operation, index));
    const end = wordsOf(criteria).find((word) => typeof word === "string" && word !== "");
    const word = index + 1 < count ? pageName(index + 1) : end;
    if (word !== undefined) reply.headers.set(value.name, String(word));
    return reply;
  }
  const page = namedPage(job, index);
  return page ? { ...templateReply(page), isFile: true } : exampleReply(operation);
}

/** The reply with a part of a job's file that is asked for by its number; without a number, the first. */
function partReply(
  state: VendorState,
  operation: Operation,
  job: Job,
  { first }: PartNumber,
  given: unknown,
): Reply {
  const index = Number(given ?? first) - first;
  if (!(Number.isInteger(index) && index >= 0 && index < partsOf(job)))
    return errorReply(state, operation, [400, 404, 410, 422], "there is no such part");
  return contentReply(operation, state.fileOf(job, operation, index));
}

/** A reply with the addresses of all files of a job, in the form of the example. */
async function listOfLinks(
  state: VendorState,
  template: ReplyTemplate,
  job: Job,
  origin: string,
): Promise<Reply> {
  const { list, item } = job.kind.files ?? { list: [], item: [] };
  const examples = valueAt(template.value, list);
  const form: unknown = Array.isArray(examples) ? examples[0] : undefined;
  const items: unknown[] = [];
  for (let part = 0; part < partsOf(job); part++)
    items.push(replaceAt(form, item, await state.linkTo(job, origin, part)));
  return templateReply({ ...template, value: replaceAt(template.value, list, items) });
}

/** A reply with the address of a job's file where the workflow reads it. */
async function linkReply(
  state: VendorState,
  template: ReplyTemplate,
  job: Job,
  context: ReplyContext,
): Promise<Reply> {
  const { fileUrl, files } = job.kind;
  if (files) return listOfLinks(state, template, job, context.origin);
  const link = await state.linkTo(job, context.origin);
  if (fileUrl?.kind === "body")
    return templateReply({ ...template, value: replaceAt(template.value, fileUrl.pointer, link) });
  const reply = templateReply(template);
  if (fileUrl?.kind === "header") reply.headers.set(fileUrl.name, link);
  return reply;
}

/** The reply with a file. It has only the headers that the spec documents. */
function contentReply({ replies }: Operation, file: ExportFile): Reply {
  const reply = replies.find(({ status }) => status >= 200 && status < 300);
  const documented = reply?.headers ?? [];
  const headers = new Headers({ "content-type": file.mediaType });
  if (documented.includes("content-length")) headers.set("content-length", String(file.sizeBytes));
  if (documented.includes("etag")) headers.set("etag", file.etag);
  if (documented.includes("content-disposition"))
    headers.set("content-disposition", `attachment; filename="${file.fileName}"`);
  return { status: reply?.status ?? 200, headers, body: file, isFile: true };
}

/** The documented success of an operation. An example of a finished job is preferred. */
function exampleReply(operation: Operation): Reply {
  const templates = successTemplates(operation);
  const template = templates.find(({ name }) => name === "succeeded") ?? templates[0];
  return template ? templateReply(template) : emptyReply(204);
}

function errorReply(
  { api }: VendorState,
  operation: Operation,
  statuses: readonly number[],
  detail?: string,
): Reply {
  const error = { statuses, otherwise: 404, ...(detail !== undefined && { detail }) };
  return templateReply(errorTemplate(api, operation, error));
}
