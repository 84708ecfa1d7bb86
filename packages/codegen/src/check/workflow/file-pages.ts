import { bodiesRead, type Operation, type Path, parseReading, reach, type Step } from "@outhaul/spec";
import type { ArazzoContext } from "../context/context.js";

/** What headers are called that name the next page of a reply. */
const NEXT_PAGE = /(^|-)(next|cursor|locator|continuation|link|page|marker)(-|$)/;

/** What parameters are called that ask for one part of a file, by its number. */
const COUNTED_PAGE = /^(partition|chunk|chunk_?index|cursor|offset|page|page_?(number|no))$/i;

/** What fields are called that lead to the next part of a list. */
const NEXT_FIELD = /^next([_A-Z]|$)/;

/** Refuses a file whose reply names a next page that nothing asks for. */
export function checkPages(
  { report }: ArazzoContext,
  { id, replies }: Operation,
  step: Step,
  path: Path,
): void {
  const headers = replies.find(({ status }) => status === "200")?.headers ?? [];
  const reading = parseReading(step["x-next-page"]?.value ?? "");
  const read = reading?.kind === "header" ? reading.name.toLowerCase() : undefined;
  const next = headers.find((name) => NEXT_PAGE.test(name) && name !== read);
  if (next !== undefined)
    report(
      path,
      "file-pages",
      `the header ${next} of ${id} says that the file comes in pages, and only the first would be saved`,
      "say how the next page is asked for: x-next-page: { name: …, in: query, value: $response.header.… }; take the header out of the spec if it names none",
    );
}

/** Refuses a file of which a number asks for one part: the others would be missing, and nobody would know. */
export function checkCountedPages(
  { report }: ArazzoContext,
  { id, parameters }: Operation,
  { parameters: sent = [], "x-next-page": nextPage, "x-part-number": partNumber }: Step,
  path: Path,
): void {
  const isChosen = (name: string) =>
    sent.some((one) => "name" in one && one.name === name && String(one.value).startsWith("$inputs."));
  const counted = parameters.find(
    ({ name = "", in: where }) =>
      (where === "query" || where === "path") &&
      COUNTED_PAGE.test(name) &&
      ![nextPage?.name, partNumber?.name].includes(name) &&
      !isChosen(name),
  );
  if (counted !== undefined)
    report(
      path,
      "file-pages",
      `the parameter ${counted.name} of ${id} asks for one part of the file, and the others would be missing`,
      "say how many there are: x-part-number: { name: …, in: query, count: $steps.poll.outputs.… }; take the parameter out of the spec if a request without it has all",
    );
}

/** Refuses a reply with the addresses of files that has a field for more of them. */
export function checkPagesOfList(
  { document, report }: ArazzoContext,
  operation: Operation,
  { outputs = {} }: Step,
  path: Path,
): void {
  for (const output of ["fileUrl", "fileUrls"]) {
    const reading = parseReading(outputs[output] ?? "");
    if (reading?.kind !== "body") continue;
    const pointer = [...reading.pointer, ...(output === "fileUrls" ? ["0"] : [])];
    const names = bodiesRead(operation).flatMap(({ schema }) =>
      [...pointer, ""].flatMap((_, length) =>
        (reach(document, schema, pointer.slice(0, length))?.schemas ?? []).flatMap(({ properties }) =>
          Object.keys(properties ?? {}),
        ),
      ),
    );
    const next = names.find((name) => NEXT_FIELD.test(name) && !reading.pointer.includes(name));
    if (next !== undefined)
      report(
        [...path, output],
        "file-pages",
        `the field ${next} of ${operation.id} says that the list of files comes in pages, and only the first would be fetched`,
        "a list in pages cannot be said; take the field out of the spec if the list is whole without it",
      );
  }
}
