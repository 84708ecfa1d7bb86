import {
  addressOf,
  type Body,
  bodiesRead,
  filesOf,
  isLinkStep,
  type NextPage,
  type Operation,
  type Path,
  parsePointer,
  parseReading,
  pollOf,
  reach,
  type Step,
} from "@outhaul/spec";
import { hasKeyInQuery } from "../../load/client-options.js";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";
import { checkCountedPages, checkPages, checkPagesOfList } from "./file-pages.js";
import { checkPartNumber } from "./part-number.js";

/** Checks that the spec says what the file of a workflow is, so that nothing else is taken for it. */
export function checkFileTypes(context: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const { operations, report } = context;
  const last = workflow.steps.at(-1);
  const operation = operations.get(last?.operationId ?? "");
  if (!last || !operation) return;
  const path = [...at, "steps", workflow.steps.length - 1, "operationId"];
  checkParts(context, { workflow, at }, last, operation);
  const fileUrl = last.outputs?.["fileUrl"];
  checkTrustedOrigin(context, workflow.steps, at);
  checkPagesOfList(context, operation, last, [...path.slice(0, -1), "outputs"]);
  if (isLinkStep(last)) return;
  if (addressOf(last) === undefined) checkNoGzipAtAddress(context, last, path.slice(0, -1));
  if (fileUrl !== undefined)
    return checkFileUrl(context, operation, fileUrl, [...path.slice(0, -1), "outputs", "fileUrl"]);
  if (addressOf(last) !== undefined) return;
  if (operation.method !== "GET" || last.requestBody)
    report(
      path,
      "file-request",
      `${operation.id} is a ${operation.method}${last.requestBody ? " with a body" : ""}, and its reply is the file`,
      "the rest of a cut file is asked for with a GET; a step whose reply is an address (output fileUrl) can have any method",
    );
  checkPages(context, operation, last, path);
  if (workflow.steps.length > 1) checkCountedPages(context, operation, last, path);
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
  } else if (last === pollOf(workflow) && files.some(mayBeJson)) {
    report(
      path,
      "file-type",
      `the file that ${operation.id} sends may be JSON, and nothing tells it from a state`,
      "take application/json, and types with a star that are JSON as well, out of its 200 reply, or ask for the file in a step of its own",
    );
  }
}

/** True if a reply of this type may be JSON: the client takes for the file what has one of its documented types. */
function mayBeJson({ contentType, isJson }: Body): boolean {
  return isJson || /^(application|\*)\/\*/.test(contentType);
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

/** Checks what is said of a file in parts: a list of addresses, or pages. */
function checkParts(
  context: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
  last: Step,
  operation: Operation,
): void {
  const { report } = context;
  for (const [index, step] of workflow.steps.entries())
    for (const word of ["x-file-url", "x-next-page", "x-part-number"] as const)
      if (step[word] !== undefined && (step !== last || step === pollOf(workflow)))
        report(
          [...at, "steps", index, word],
          "file-parts",
          `${word} of ${step.stepId} is about a file, and ${step.stepId} is no download step`,
          "a file in parts is asked for in a step of its own, after the poll",
        );
  const path = [...at, "steps", workflow.steps.indexOf(last)];
  const { outputs = {}, "x-file-url": item, "x-next-page": nextPage } = last;
  const { fileUrl, fileUrls } = outputs;
  if (fileUrls === undefined && item !== undefined)
    report(
      [...path, "x-file-url"],
      "file-parts",
      "x-file-url says where in an item of fileUrls the address is, and there is no output fileUrls",
      "name the list in the output fileUrls",
    );
  if (fileUrls !== undefined) {
    if (fileUrl !== undefined)
      report(
        [...path, "outputs", "fileUrl"],
        "file-parts",
        "the step has the outputs fileUrl and fileUrls",
        "fileUrls is the list of all files, fileUrl the address of a single one",
      );
    if (last === pollOf(workflow))
      report(
        [...path, "outputs", "fileUrls"],
        "file-parts",
        "fileUrls is an output of the poll",
        "ask for the list in a step of its own; it may name the poll's operation once more",
      );
    checkList(context, operation, last, [...path, "outputs", "fileUrls"]);
  }
  if (nextPage) checkNextPage(context, { workflow, at }, last, operation);
  checkPartNumber(context, { workflow, at }, last, operation);
}

/** Checks that the list of files is one, and that its items have addresses. */
function checkList(
  { document, report }: ArazzoContext,
  operation: Operation,
  { outputs = {}, "x-file-url": item = "" }: Step,
  path: Path,
): void {
  const text = outputs["fileUrls"] ?? "";
  const reading = parseReading(text);
  const schemas =
    reading?.kind === "body"
      ? bodiesRead(operation).map(({ schema }) => ({
          list: reach(document, schema, reading.pointer),
          address: reach(document, schema, [...reading.pointer, "0", ...(parsePointer(item) ?? [])]),
        }))
      : [];
  if (reading?.kind === "body" && schemas.some(({ list }) => !list)) return; // another rule says so
  const isAddress = schemas.every(({ address }) =>
    address?.schemas.every(({ type }) => type === undefined || [type].flat().includes("string")),
  );
  if (schemas.length > 0 && isAddress) return;
  report(
    path,
    "file-parts",
    `${text}: the items of the list ${item ? `have no address at ${item}` : "are no addresses"}`,
    "fileUrls names a list of texts; of objects, x-file-url says where in each the address is: x-file-url: /url",
  );
}

/** Checks that the next page can be asked for. */
function checkNextPage(
  { report }: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
  step: Step,
  operation: Operation,
): void {
  const path = [...at, "steps", workflow.steps.indexOf(step), "x-next-page"];
  const { name, value } = step["x-next-page"] as NextPage; // it has one
  const parameter = operation.parameters.find((one) => one.name === name && one.in === "query");
  const isSent = step.parameters?.some((one) => one.name === name && one.in === "query");
  const reading = parseReading(value);
  const files = filesOf(operation);
  const problem: readonly [message: string, hint: string] | undefined =
    addressOf(step) !== undefined
      ? [
          "the file stands at an address, and comes in no pages",
          "x-next-page is about a reply that is the file",
        ]
      : !parameter
        ? [`${operation.id} has no parameter ${name} in: query`, "declare it in openapi.yaml"]
        : parameter.required
          ? [`${name} is required, and the first page has none`, "required: false"]
          : isSent
            ? [`${name} is sent already`, "the first page is asked for without it"]
            : reading?.kind === "header" && !hasHeader(operation, reading.name)
              ? [
                  `${operation.id} documents no header ${reading.name}`,
                  "declare it in the headers of its 200 reply",
                ]
              : reading?.kind === "body" && !files.every(({ isJson }) => isJson)
                ? [
                    `${value} stands in the body, and the file that ${operation.id} sends may be no JSON`,
                    "leave application/json alone in its 200 reply, or read a header",
                  ]
                : undefined;
  if (problem) report(path, "file-parts", ...problem);
}

function hasHeader({ replies }: Operation, name: string): boolean {
  return replies.some(({ status, headers }) => status === "200" && headers.includes(name.toLowerCase()));
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
      "take the whole list as the output fileUrls, or say maxItems: 1 of a list that never has more",
    );
}
