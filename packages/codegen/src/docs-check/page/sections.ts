import type { AnyNode } from "domhandler";
import { isTag, isText } from "domhandler";

/** A heading and the text under it, with a line for each block. */
export interface Section {
  /** The heading, cut short; a repeated one is numbered: `Request (2)`. */
  readonly name: string;
  readonly heading: string;
  readonly text: string;
}

const blocks = new Set(
  "address article aside blockquote dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody tfoot thead tr ul br".split(
    " ",
  ),
);
const HEADING_LENGTH = 60;

/** The sections of an element, in the order of its text. */
export function sectionsOf(roots: readonly AnyNode[]): Section[] {
  const raw: { heading: string; text: string }[] = [{ heading: "", text: "" }];
  let inHeading = 0;
  const add = (text: string): void => {
    const last = raw.at(-1);
    if (!last) return;
    if (inHeading > 0) last.heading += text;
    else last.text += text;
  };
  const walk = (node: AnyNode, keepsBreaks: boolean): void => {
    if (isText(node)) return add(keepsBreaks ? node.data : node.data.replace(/\s+/g, " "));
    if (!isTag(node)) return;
    const isHeading = /^h[1-6]$/.test(node.name) || node.attribs["role"] === "heading";
    if (isHeading && inHeading === 0) raw.push({ heading: "", text: "" });
    if (isHeading) inHeading += 1;
    const isBlock = blocks.has(node.name);
    add(isBlock && !isHeading ? "\n" : /^t[dh]$/.test(node.name) ? " | " : " ");
    for (const child of node.children) walk(child, keepsBreaks || node.name === "pre");
    if (isHeading) inHeading -= 1;
    add(isBlock ? "\n" : " ");
  };
  for (const node of roots) walk(node, false);
  return nameSections(raw);
}

/** The sections of a Markdown text, by its headings. */
export function sectionsOfText(text: string): Section[] {
  const raw: { heading: string; text: string }[] = [{ heading: "", text: "" }];
  let fence = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) fence = !fence;
    const heading = fence ? undefined : /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    const last = raw.at(-1);
    if (heading !== undefined) raw.push({ heading, text: "" });
    else if (last) last.text += `${line}\n`;
  }
  return nameSections(raw);
}

function nameSections(raw: readonly { heading: string; text: string }[]): Section[] {
  const seen = new Map<string, number>();
  return raw.flatMap(({ heading: rawHeading, text: rawText }) => {
    const heading = tidy(rawHeading)
      .replace(/\n/g, " ")
      .replace(/^[#¶§]\s*|\s*[#¶§]$/g, "");
    const text = tidy(rawText)
      .split("\n")
      .filter((line) => !isOfTheBuild(line))
      .join("\n");
    if (heading === "" && text === "") return [];
    const short = heading === "" ? "(before the first heading)" : cut(heading);
    const count = (seen.get(short) ?? 0) + 1;
    seen.set(short, count);
    return [{ name: count === 1 ? short : `${short} (${count})`, heading, text }];
  });
}

/** Normalises blanks and line breaks, and removes invisible characters. */
function tidy(text: string): string {
  return text
    .replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, "")
    .replace(/\u00a0/g, " ")
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "" && line !== "|")
    .join("\n");
}

function cut(heading: string): string {
  if (heading.length <= HEADING_LENGTH) return heading;
  return `${heading.slice(0, HEADING_LENGTH).replace(/\s+\S*$/, "")}…`;
}

/** True if a line only says when or by whom the page was built. */
function isOfTheBuild(line: string): boolean {
  if (line.length > 120) return false;
  const when = String.raw`(\d{4}|\d\d?[./-]\d|\bago\b|yesterday|today|just now)`;
  return (
    new RegExp(
      String.raw`^(this )?(page |article |document |site )?(was )?(last |first )?(updated|modified|edited|reviewed|built|generated|published|created|revised)\b.*${when}`,
      "i",
    ).test(line) ||
    /^(©|\(c\)|copyright)\s/i.test(line) ||
    /^\d+ min(ute)?s?( read)?$/i.test(line) ||
    /^(edit this page|was this (page|article) helpful\b.*|\d+ out of \d+ found this helpful)$/i.test(line)
  );
}
