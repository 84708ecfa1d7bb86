import { loadBuffer } from "cheerio";
import { contentArea } from "./content-area.js";
import { digestOf } from "./digest.js";
import type { Fault } from "./fault.js";
import { type Section, sectionsOf, sectionsOfText } from "./sections.js";

/** A vendor's page, reduced to its text. */
export interface Page {
  readonly sections: readonly Section[];
}

/** Reads the body of a reply. A page without its text is a fault. */
export function readPage(bytes: Uint8Array, contentType: string): Page | Fault {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const charset = /charset=["']?([\w-]+)/i.exec(contentType)?.[1];
  if (bytes.length === 0) return { fault: "empty", why: "answers nothing" };
  if (type === "text/html" || type === "application/xhtml+xml" || (type === "" && looksLikeHtml(bytes)))
    return readHtml(bytes, charset);
  if (type !== "" && !/^text\/|[/+](json|yaml|x-yaml|xml|markdown)$/.test(type))
    return { fault: "not-text", why: `is no page of text, but ${type}` };
  const sections = sectionsOfText(
    new TextDecoder(isUtf8(bytes) ? "utf-8" : (known(charset) ?? "windows-1252")).decode(bytes),
  );
  return sections.length > 0 ? { sections } : { fault: "empty", why: "holds no word" };
}

/** The digests that a lock keeps of a page. */
export function digestsOf({ sections }: Page): { words: string; sections: Record<string, string> } {
  return {
    words: digestOf(sections.map(({ heading, text }) => `${heading}\n${text}`).join("\n")),
    sections: Object.fromEntries(sections.map(({ name, text }) => [name, digestOf(text)])),
  };
}

function readHtml(bytes: Uint8Array, charset: string | undefined): Page | Fault {
  // Servers name wrong charsets, so a body that decodes as UTF-8 is UTF-8.
  const named = known(charset);
  const label = isUtf8(bytes) ? "utf-8" : named === "utf-8" ? "windows-1252" : named;
  const $ = loadBuffer(
    Buffer.from(bytes),
    label === undefined ? {} : { encoding: { transportLayerEncodingLabel: label } },
  );
  const title = $("title").first().text().replace(/\s+/g, " ").trim();
  const hints = {
    asksForPassword: $("input[type=password]").length > 0,
    wantsScript: /javascript/i.test($("noscript").text()),
    hasScript: $("script").length > 0,
    emptyMount: $("#root, #app, #__next, #__nuxt, #__docusaurus, app-root, [data-reactroot]")
      .toArray()
      .some((mount) => wordsIn($(mount).clone().find("script, style, noscript").remove().end().text()) < 5),
  };
  const sections = sectionsOf(contentArea($).toArray());
  const words = wordsIn(sections.map(({ heading, text }) => `${heading} ${text}`).join(" "));
  const heading = sections[0]?.heading ?? "";

  if (
    /^(just a moment|attention required|access denied|verify(ing)? (that )?you are human|are you a robot)/i.test(
      title,
    )
  )
    return { fault: "forbidden", why: `asks whether a person is reading ("${title.slice(0, 40)}")` };
  if (hints.asksForPassword && words < 150) return { fault: "login", why: "shows a form to log in" };
  if (words < 25 && hints.hasScript && (words === 0 || hints.wantsScript || hints.emptyMount))
    return { fault: "script-only", why: "has no text before its scripts have run" };
  if (words === 0) return { fault: "empty", why: "holds no word" };
  if (
    words < 150 &&
    [title, heading].some((text) =>
      /^(error )?404\b|\b(page|article) (was |could )?not( be)? found\b|^not found\b|page (doesn.t|does not) exist/i.test(
        text,
      ),
    )
  )
    return { fault: "not-found", why: "says that there is no such page, though it answers 200" };
  return { sections };
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
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
