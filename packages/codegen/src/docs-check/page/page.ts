import { loadBuffer } from "cheerio";
import { type AnyNode, hasChildren } from "domhandler";
import { contentArea } from "./content-area.js";
import { digestOf } from "./digest.js";
import type { Fault } from "./fault.js";
import { impostorOf, surfaceOf, wordsIn } from "./impostor.js";
import { type Section, sectionsOf, sectionsOfText } from "./sections.js";

/** A vendor's page, reduced to its text. */
export interface Page {
  /** What the page calls itself. */
  readonly title?: string;
  readonly sections: readonly Section[];
}

/** How many signs of a line's digest are kept: enough to tell lines of one section apart. */
const LINE_DIGEST = 4;
/** More levels than any page of text has; what reads them is recursive. */
const MAX_DEPTH = 500;
/** The name of a notice that stands outside of the page's text. */
const NOTICE = "(notice beside the text)";

/** How files begin that are no text, whatever a server calls them. */
const signatures: readonly [string, string][] = [
  ["%PDF", "a PDF"],
  ["PK\x03\x04", "a ZIP, or a document of an office program"],
  ["\x89PNG", "a picture"],
  ["\xff\xd8\xff", "a picture"],
  ["GIF8", "a picture"],
  ["\x1f\x8b", "a file that is compressed once more"],
];

/** Reads the body of a reply. A page without its text is a fault. */
export function readPage(bytes: Uint8Array, contentType: string): Page | Fault {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const charset = /charset=["']?([\w-]+)/i.exec(contentType)?.[1];
  if (bytes.length === 0) return { fault: "empty", why: "answers nothing" };
  const isHtml = type === "text/html" || type === "application/xhtml+xml";
  if (!isHtml && type !== "" && !/^text\/|[/+](json|yaml|x-yaml|xml|markdown)$/.test(type))
    return { fault: "not-text", why: `is no page of text, but ${type}` };
  const disguised = disguiseOf(bytes);
  if (disguised !== undefined)
    return {
      fault: "not-text",
      why: `is ${disguised}${type === "" ? "" : `, though it calls itself ${type}`}`,
    };
  if (isHtml || (type === "" && looksLikeHtml(bytes))) return readHtml(bytes, charset);
  const sections = sectionsOfText(
    new TextDecoder(isUtf8(bytes) ? "utf-8" : (known(charset) ?? "windows-1252")).decode(bytes),
  );
  return sections.length > 0 ? { sections } : { fault: "empty", why: "holds no word" };
}

/** The digests that a lock keeps of a page. */
export interface PageDigests {
  readonly words: string;
  readonly sections: Readonly<Record<string, string>>;
  /** Four signs for each line of a section, which tell the new lines of a later version. */
  readonly lines: Readonly<Record<string, string>>;
}

/** The digests of a page. */
export function digestsOf({ sections }: Page): PageDigests {
  return {
    words: digestOf(sections.map(({ heading, text }) => `${heading}\n${text}`).join("\n")),
    sections: Object.fromEntries(sections.map(({ name, text }) => [name, digestOf(text)])),
    lines: Object.fromEntries(
      sections.flatMap(({ name, text }) => (text === "" ? [] : [[name, lineDigests(text).join("")]])),
    ),
  };
}

/** The digests of a text's lines. */
export function lineDigests(text: string): string[] {
  return text === "" ? [] : text.split("\n").map((line) => digestOf(line).slice(0, LINE_DIGEST));
}

/** Takes the digests of lines apart again. */
export function splitLines(digests: string): string[] {
  return digests.match(new RegExp(`.{${LINE_DIGEST}}`, "g")) ?? [];
}

function readHtml(bytes: Uint8Array, charset: string | undefined): Page | Fault {
  // Servers name wrong charsets, so a body that decodes as UTF-8 is UTF-8.
  const named = known(charset);
  const label = isUtf8(bytes) ? "utf-8" : named === "utf-8" ? "windows-1252" : named;
  const tooDeep = { fault: "not-text", why: `is HTML nested deeper than ${MAX_DEPTH} levels` } as const;
  if (openTags(bytes) > 2 * MAX_DEPTH) return tooDeep;
  const $ = loadBuffer(
    Buffer.from(bytes),
    label === undefined ? {} : { encoding: { transportLayerEncodingLabel: label } },
  );
  if (depthOf($.root().get(0)) > MAX_DEPTH) return tooDeep;
  const surface = surfaceOf($);
  const { content, notices } = contentArea($);
  const links = content.find("a[href]").toArray();
  const linked = wordsIn(links.map((link) => $(link).text()).join(" "));
  const sections = sectionsOf(content.toArray());
  const text = sections.map(({ heading, text }) => `${heading} ${text}`).join(" ");
  const words = wordsIn(text);
  const heading = sections.find(({ heading }) => heading !== "")?.heading ?? "";
  const impostor = impostorOf(surface, { heading, text, words, wordsOutsideLinks: words - linked });
  if (impostor) return impostor;
  const beside = notices.map((text, index) => ({
    name: index === 0 ? NOTICE : `${NOTICE} (${index + 1})`,
    heading: "",
    text,
  }));
  return { title: surface.title || heading, sections: [...sections, ...beside] };
}

/** The most elements that are open at once, roughly: the parser takes very long for very many. */
function openTags(bytes: Uint8Array): number {
  let [open, most] = [0, 0];
  const tags = /<(\/?)(?:div|span|section|article|blockquote|ul|ol|table|b|i|em|strong|font|details|a)\b/gi;
  for (const [, end] of Buffer.from(bytes).toString("latin1").matchAll(tags)) {
    open = Math.max(0, open + (end ? -1 : 1));
    most = Math.max(most, open);
  }
  return most;
}

/** The number of levels below a node, counted without recursion. */
function depthOf(root: AnyNode | undefined): number {
  let level = root ? [root] : [];
  let depth = 0;
  while (level.length > 0 && depth <= MAX_DEPTH) {
    level = level.flatMap((node) => (hasChildren(node) ? node.children : []));
    depth += 1;
  }
  return depth;
}

/** What bytes are that are no text. */
function disguiseOf(bytes: Uint8Array): string | undefined {
  const begin = Buffer.from(bytes.subarray(0, 8)).toString("latin1");
  const found = signatures.find(([signature]) => begin.startsWith(signature))?.[1];
  if (found !== undefined) return found;
  const isUtf16 = begin.startsWith("\xff\xfe") || begin.startsWith("\xfe\xff");
  return !isUtf16 && bytes.subarray(0, 4000).includes(0) ? "no text" : undefined;
}

function looksLikeHtml(bytes: Uint8Array): boolean {
  return /<(!doctype html|html|head|body)\b/i.test(Buffer.from(bytes.subarray(0, 2000)).toString("latin1"));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The name of a charset if it can be decoded. */
function known(label: string | undefined): string | undefined {
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}
