import type { AnyNode, Element } from "domhandler";
import { isTag, isText } from "domhandler";
import { digestOf } from "./digest.js";
import { isAge, isNoise } from "./noise.js";

/** A heading and the text under it, with a line for each block. */
export interface Section {
  /** The path of headings that leads here, without the page's own: `POST /exports › Request`; a repeated path is numbered: `Request (2)`. */
  readonly name: string;
  readonly heading: string;
  readonly text: string;
}

const blocks = new Set(
  "address article aside blockquote dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody tfoot thead tr ul br".split(
    " ",
  ),
);
/** Text that is struck through: a page says by it that something holds no more. */
const struck = new Set(["del", "s", "strike"]);
const HEADING_LENGTH = 100;
/** Stands between the headings of a path. */
const SEPARATOR = " › ";

interface RawSection {
  /** 1 for the page's own heading, 0 for what stands before the first one. */
  readonly level: number;
  heading: string;
  text: string;
}

/** The sections of an element, in the order of its text. */
export function sectionsOf(roots: readonly AnyNode[]): Section[] {
  const raw: RawSection[] = [{ level: 0, heading: "", text: "" }];
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
    const level = levelOf(node);
    const isHeading = level > 0;
    if (isHeading && inHeading === 0) raw.push({ level, heading: "", text: "" });
    if (node.name === "time" && isAge(textIn(node))) return;
    if (node.name === "wbr") return; // a place where a long name may be broken
    if (struck.has(node.name)) add("~~");
    if (isHeading) inHeading += 1;
    const isBlock = blocks.has(node.name);
    add(isBlock && !isHeading ? "\n" : /^t[dh]$/.test(node.name) ? " | " : " ");
    for (const child of node.children) walk(child, keepsBreaks || node.name === "pre");
    if (struck.has(node.name)) add("~~");
    if (isHeading) inHeading -= 1;
    add(isBlock ? "\n" : " ");
  };
  for (const node of roots) walk(node, false);
  return nameSections(raw);
}

/** The sections of a Markdown text, by its headings. */
export function sectionsOfText(text: string): Section[] {
  const raw: RawSection[] = [{ level: 0, heading: "", text: "" }];
  let fence = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) fence = !fence;
    const [, marks = "", heading] = (fence ? null : /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)) ?? [];
    const last = raw.at(-1);
    if (heading !== undefined) raw.push({ level: marks.length, heading, text: "" });
    else if (last) last.text += `${line}\n`;
  }
  return nameSections(raw);
}

/** The level of a heading, 1 to 6. 0 for any other element. */
function levelOf(node: Element): number {
  const tag = /^h([1-6])$/.exec(node.name)?.[1];
  if (tag !== undefined) return Number(tag);
  if (node.attribs["role"] !== "heading") return 0;
  const level = Number(node.attribs["aria-level"]);
  return level >= 1 ? level : 2;
}

function textIn(node: AnyNode): string {
  if (isText(node)) return node.data;
  return isTag(node) ? node.children.map(textIn).join("") : "";
}

function nameSections(raw: readonly RawSection[]): Section[] {
  const sections = raw
    .map(({ level, heading, text }) => ({
      level,
      heading: tidy(heading)
        .replace(/\n/g, " ")
        .replace(/^[#¶§]\s*|\s*[#¶§]$/g, ""),
      text: tidy(text)
        .split("\n")
        .filter((line) => !isNoise(line))
        .join("\n"),
    }))
    .filter(({ heading, text }) => heading !== "" || text !== "");
  const seen = new Map<string, number>();
  const above: { level: number; heading: string }[] = [];
  const ownHeading = sections.find(({ level }) => level > 0);
  return sections.map((section) => {
    const { level, heading, text } = section;
    while ((above.at(-1)?.level ?? 0) >= level && above.length > 0) above.pop();
    const path =
      heading === ""
        ? "(before the first heading)"
        : [...above.map((one) => one.heading), heading].map(cut).join(SEPARATOR);
    // The page's own heading would stand in front of every other one.
    if (heading !== "" && !(section === ownHeading && level === 1)) above.push({ level, heading });
    const count = (seen.get(path) ?? 0) + 1;
    seen.set(path, count);
    return { name: count === 1 ? path : `${path} (${count})`, heading, text };
  });
}

/** The headings of a section's name. */
export function headingsOf(name: string): string[] {
  return unnumbered(name).split(SEPARATOR);
}

/** A section's name without the number that tells it from others of the same path. */
export function unnumbered(name: string): string {
  return name.replace(/ \(\d+\)$/, "");
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

/** A long heading, cut but still told from others that begin as it does. */
function cut(heading: string): string {
  if (heading.length <= HEADING_LENGTH) return heading;
  return `${heading.slice(0, HEADING_LENGTH).replace(/\s+\S*$/, "")}… ${digestOf(heading).slice(0, 4)}`;
}
