import {
  bodiesRead,
  filesOf,
  type Operation,
  type Path,
  parseReading,
  pollOf,
  reach,
  type Step,
} from "@outhaul/spec";
import { hasKeyInQuery } from "../../load/client-options.js";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

/** Checks that the spec says what the file of a workflow is, so that nothing else is taken for it. */
export function checkFileTypes(context: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const { operations, report } = context;
  const last = workflow.steps.at(-1);
  const operation = operations.get(last?.operationId ?? "");
  if (!last || !operation) return;
  const path = [...at, "steps", workflow.steps.length - 1, "operationId"];
  const fileUrl = last.outputs?.["fileUrl"];
  checkTrustedOrigin(context, workflow.steps, at);
  if (fileUrl === undefined) checkNoGzipAtAddress(context, last, path.slice(0, -1));
  if (fileUrl !== undefined)
    return checkFileUrl(context, operation, fileUrl, [...path.slice(0, -1), "outputs", "fileUrl"]);
  if (operation.method !== "GET" || last.requestBody)
    report(
      path,
      "file-request",
      `${operation.id} is a ${operation.method}${last.requestBody ? " with a body" : ""}, and its reply is the file`,
      "the rest of a cut file is asked for with a GET; a step whose reply is an address (output fileUrl) can have any method",
    );
  checkPages(context, operation, path);
  const files = filesOf(operation);
  if (files.length === 0 && operation.replies.some(({ status }) => status.startsWith("2"))) {
    report(
      path,
      "file-type",
      `openapi.yaml does not say what the file is that ${operation.id} sends`,
      "content: { text/csv: { schema: {} } } in its 200 reply, with each media type that the file may have",
    );
  } else if (last === pollOf(workflow) && hasKeyInQuery(context.options)) {
    report(
      path,
      "file-request",
      `${operation.id} is the poll and the file, and the key is in the query`,
      "ask for the file in a step of its own: the client cannot put a key into the query of a poll that is the file",
    );
  } else if (last === pollOf(workflow) && files.some(({ isJson }) => isJson)) {
    report(
      path,
      "file-type",
      `the file that ${operation.id} sends may be JSON, and nothing tells it from a state`,
      "take application/json out of its 200 reply, or ask for the file in a step of its own",
    );
  }
}

/** Checks the origin that gets the credentials, too: where the file is, and nowhere else. */
function checkTrustedOrigin({ options, report }: ArazzoContext, steps: readonly Step[], at: Path): void {
  for (const [index, step] of steps.entries()) {
    const origin = step["x-trusted-origin"];
    if (origin === undefined) continue;
    const refuse = (problem: string, hint: string): void =>
      report([...at, "steps", index, "x-trusted-origin"], "trusted-origin", problem, hint);
    const isOrigin =
      URL.canParse(origin) && new URL(origin).origin === origin && origin.startsWith("https://");
    if (!isOrigin)
      refuse(
        `${origin} is no origin that credentials may go to`,
        "write scheme and host alone, and https: https://files.acme.example",
      );
    else if (step !== steps.at(-1) || step.outputs?.["fileUrl"] === undefined)
      refuse(
        `${step.stepId} yields no address of a file`,
        "it stands beside the output fileUrl of the last step; the vendor's own server gets the credentials anyway",
      );
    else if (hasKeyInQuery(options))
      refuse(
        "the key is in the query, and the address of the file has its own",
        "only credentials in headers can go to a second host",
      );
  }
}

/** Refuses what is said of a gzip file at an address, where the reply is the file itself. */
function checkNoGzipAtAddress({ report }: ArazzoContext, step: Step, path: Path): void {
  const words: readonly (readonly [where: Path, what: string, isThere: boolean])[] = [
    [["outputs", "compression"], "the output compression", step.outputs?.["compression"] !== undefined],
    [["x-compressed-media-type"], "x-compressed-media-type of a step", "x-compressed-media-type" in step],
  ];
  for (const [where, what, isThere] of words)
    if (isThere)
      report(
        [...path, ...where],
        "file-compressed",
        `${step.operationId} sends the file itself, and ${what} is about a file at an address`,
        "the media type of the file says that it is gzip: application/gzip, with x-compressed-media-type",
      );
}

/** Refuses an address that is one of a list: the other files would be missing, and nobody would know. */
function checkFileUrl(
  { document, report }: ArazzoContext,
  operation: Operation,
  fileUrl: string,
  path: Path,
): void {
  const reading = parseReading(fileUrl);
  if (reading?.kind !== "body") return;
  const isInList = bodiesRead(operation).some(({ schema }) => {
    const position = reach(document, schema, reading.pointer)?.indexes.indexOf(true) ?? -1;
    if (position < 0) return false;
    const lists = reach(document, schema, reading.pointer.slice(0, position))?.schemas ?? [];
    return !lists.some(({ maxItems }) => maxItems === 1);
  });
  if (isInList)
    report(
      path,
      "file-list",
      `${fileUrl} is one of a list of files, and the others would be missing`,
      "say maxItems: 1 of a list that never has more; ask for one file in the request",
    );
}

/** What headers are called that name the next page of a reply. */
const NEXT_PAGE = /(^|-)(next|cursor|locator|continuation|link|page|marker)(-|$)/;

function checkPages({ report }: ArazzoContext, { id, replies }: Operation, path: Path): void {
  const headers = replies.find(({ status }) => status === "200")?.headers ?? [];
  const next = headers.find((name) => NEXT_PAGE.test(name));
  if (next !== undefined)
    report(
      path,
      "file-pages",
      `the header ${next} of ${id} says that the file comes in pages, and only the first would be saved`,
      "ask for the file in one piece, or take the header out of the spec if it does not name a next page",
    );
}
