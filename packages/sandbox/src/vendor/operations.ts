import type { EarlyFault } from "../fault/fault.js";
import { MEDIA_TYPES } from "../job/example-values.js";
import type { ExportFile } from "../job/export-file.js";
import { type Job, stateOf } from "../job/job.js";
import type { Target } from "../job/jobs.js";
import { type JobKind, templatesOf } from "../job/kind.js";
import { acceptedReply, listReply, pollReply, type ReplyContext, viewReply } from "../job/reply.js";
import { errorTemplate } from "../reply/error-reply.js";
import { type Reply, templateReply } from "../reply/reply.js";
import type { JsonObject } from "../spec/narrow.js";
import { type Api, type Operation, successContents } from "../spec/open-api.js";

/** What an operation works with. */
export interface Work {
  readonly api: Api;
  readonly operation: Operation;
  readonly kinds: readonly JobKind[];
  readonly target: Target | undefined;
  /** Every field of the request. */
  readonly request: JsonObject;
  readonly now: number;
  readonly fault: EarlyFault | undefined;
  start(kind: JobKind, request: JsonObject): Job;
  remove(job: Job): void;
  fileOf(job: Job, operation?: Operation): ExportFile;
  /** A new link to a job's file in the store. */
  linkTo(job: Job): Promise<string>;
}

/** Answers a request that is as it should be. */
export async function answer(work: Work): Promise<Reply> {
  const { operation, kinds, target, now, fault } = work;
  const context: ReplyContext = {
    now,
    fileOf: (job) => work.fileOf(job),
    ...(fault?.kind === "unknownStatus" && { unknownWord: fault.word ?? "NEWLY_INVENTED" }),
  };
  const started = kinds.find(({ start }) => start === operation);
  if (started) return templateReply(acceptedReply(work.start(started, work.request), context));
  if (target?.kind === "many") {
    const reply = listReply(operation, target.jobKind, target.jobs, context);
    if (target.isPoll) for (const job of target.jobs) job.polls += 1;
    return reply ? templateReply(reply) : example(operation);
  }
  if (!target) return example(operation);
  if (!target.job) return error(work, [404, 410, 400, 412]);
  return answerForJob(target.job, work, context);
}

async function answerForJob(job: Job, work: Work, context: ReplyContext): Promise<Reply> {
  const { operation, now } = work;
  const { kind } = job;
  const state = stateOf(job, now);
  const isPoll = operation === kind.poll;
  const isReady = state.name === "succeeded" && context.unknownWord === undefined;
  const isAnswered = isPoll && !(isReady && operation === kind.download);
  const polled = isAnswered ? pollReply(job, context) : undefined;
  if (isPoll) job.polls += 1;
  if (polled) return templateReply(polled);

  if (operation.method === "DELETE") {
    work.remove(job);
    return example(operation);
  }
  if (operation.id === kind.workflow.cancel) {
    job.options = { ...job.options, polls: 0, outcome: "cancelled" };
    return example(operation);
  }
  const redirect = operation.replies.find(
    ({ status, headers }) => status >= 300 && headers.includes("location"),
  );
  const isLink = operation === kind.download && kind.linksToFile;
  if (redirect || isLink || isFileCall(operation, kind)) {
    if (state.name === "expired") return error(work, [410, 404, 400], "the file has expired");
    if (!isReady) return error(work, [412, 409, 404, 400], "the file is not there");
    if (redirect) {
      const headers = new Headers({ location: await work.linkTo(job) });
      return { status: redirect.status, headers, body: undefined, isFile: false };
    }
    if (!isLink) return fileReply(operation, work.fileOf(job, operation));
    const reply = templatesOf(operation)[0];
    return reply ? templateReply({ ...reply, value: await work.linkTo(job) }) : example(operation);
  }
  const view = operation.method === "GET" ? viewReply(job, operation, context) : undefined;
  return view ? templateReply(view) : example(operation);
}

/** Whether a call under a job's path answers a file: the download itself, or one whose every reply is the type of a file. */
function isFileCall(operation: Operation, kind: JobKind): boolean {
  if (operation === kind.download) return true;
  const types = successContents(operation).map(({ mediaType }) => mediaType);
  const fileTypes = Object.values(MEDIA_TYPES).filter((type) => type !== MEDIA_TYPES["json"]);
  return operation.method === "GET" && types.length > 0 && types.every((type) => fileTypes.includes(type));
}

function fileReply(operation: Operation, file: ExportFile): Reply {
  const reply = operation.replies.find(({ status }) => status >= 200 && status < 300);
  const headers = new Headers({ "content-type": file.mediaType });
  const documented = reply?.headers ?? [];
  if (documented.includes("content-length")) headers.set("content-length", String(file.sizeBytes));
  if (documented.includes("etag")) headers.set("etag", file.etag);
  if (documented.includes("content-disposition")) {
    headers.set("content-disposition", `attachment; filename="${file.fileName}"`);
  }
  return { status: reply?.status ?? 200, headers, body: file, isFile: true };
}

/** The first documented success; that of something finished, where there is one. */
function example(operation: Operation): Reply {
  const templates = templatesOf(operation).filter(({ status }) => status >= 200 && status < 300);
  const template = templates.find(({ name }) => name === "succeeded") ?? templates[0];
  return template
    ? templateReply(template)
    : { status: 204, headers: new Headers(), body: undefined, isFile: false };
}

function error({ api, operation }: Work, statuses: readonly number[], detail?: string): Reply {
  const wish = { statuses, otherwise: 404, ...(detail !== undefined && { detail }) };
  return templateReply(errorTemplate(api, operation, wish));
}
