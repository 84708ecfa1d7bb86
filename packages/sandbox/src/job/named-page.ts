import { meetsAll, replaceAt, valueAt } from "@outhaul/spec";
import { type Job, partsOf } from "./job.js";
import { type ReplyTemplate, successTemplates } from "./reply-template.js";

/** How the sandbox names the page with an index: the first is `page-1`. */
export function pageName(index: number): string {
  return `page-${index + 1}`;
}

/** The index of the page with a name. NaN if no page has it. */
export function pageIndex(name: string): number {
  return Number(/^page-(\d{1,6})$/.exec(name)?.[1] ?? Number.NaN) - 1;
}

/**
 * The reply with one page of a job's file, where each page is JSON that names the next one. The last page names none.
 * Undefined for any other file.
 */
export function namedPage(job: Job, index: number): ReplyTemplate | undefined {
  const { nextPage } = job.kind.workflow.download;
  if (nextPage?.value.kind !== "body") return undefined;
  const { value, criteria } = nextPage;
  const namesNext = ({ value: body, status }: ReplyTemplate): boolean =>
    (valueAt(body, value.pointer) ?? null) !== null &&
    meetsAll(criteria, { status, headers: new Headers(), body });
  const hasNext = index + 1 < partsOf(job);
  const templates = successTemplates(job.kind.download);
  const template = templates.find((one) => namesNext(one) === hasNext) ?? templates[0];
  if (!template) return undefined;
  const next = hasNext || !namesNext(template) ? pageName(index + 1) : null;
  return { ...template, value: replaceAt(template.value, value.pointer, next) };
}
