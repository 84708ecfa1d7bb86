import type { CheerioAPI } from "cheerio";
import type { ParentNode } from "domhandler";

type Elements = ReturnType<CheerioAPI>;

/** What holds the page's own text. */
export interface ContentArea {
  /** The page's first heading, where that stands apart, and an element. */
  readonly content: Elements;
  /** Texts outside of it that say that the page or its subject is old, replaced or about to go. */
  readonly notices: readonly string[];
}

/** Elements that are never content, wherever they stand. */
const neverContent = [
  "title, script, style, noscript, template, svg, canvas, iframe, object, video, audio, dialog, button, input, select, textarea",
  "nav, footer",
  "[role=navigation], [role=contentinfo], [role=search], [role=dialog], [role=alertdialog]",
].join(", ");

/** Words of class names and ids of elements around the content. Dashes, underscores and blanks separate words. */
const around =
  /(^|[\s_-])(cookies?|consent|gdpr|onetrust|navbar|sidebar|sidenav|breadcrumbs?|pagination|pager|toc|feedback|votes?|helpful|comments?|share|social|last[_-]?(updated|modified|edited)|related|recently[_-]?viewed|skip[_-]?link|hash[_-]?link|header[_-]?link)(?=$|[\s_-])/i;

/** A class that says what an element has or is, and so does not name it: `with-breadcrumbs`, `has-toc`. */
const state =
  /^(with|without|has|no|is|hide|hides|show|shows|enable|enabled|disable|disabled|under|beside)[_-]/i;

/** Elements that are content by what they are, whatever they are called: headings, cells and code. */
const content =
  "html, body, main, article, h1, h2, h3, h4, h5, h6, tr, td, th, dt, dd, pre, code, table, tbody";

/** Headings of lists of other pages. */
const otherPages =
  /^((related|recently viewed|recommended|popular|promoted|similar|more) (articles?|pages?|topics?|posts?|reading|content|resources|guides)|recently viewed|(more )?articles in this section|you may also (like|be interested in).{0,20}|what'?s next)\W*$/i;

/** Words of a notice that what the page describes is old, replaced or about to go. */
const ending =
  /\b(no longer|not (actively )?(maintained|supported)|unmaintained|deprecat\w+|obsolete|outdated|out of date|archived|retired|retir(es?|ing)|sunset\w*|end[- ]of[- ](life|support|sale)|discontinu\w+|superseded|has been replaced|is replaced by|will be (removed|shut down|switched off|retired)|legacy (version|documentation|api)|old(er)? version|(latest|newer|new|current) version (is|of|here)|unreleased|pre-?release)\b/i;

const blocksOfText = "div, p, aside, section, header, td, li";
/** A page has one or two; thousands of texts are looked up in the page for nothing. */
const MAX_NOTICES = 5;

/** Selectors of the content, the most reliable first. */
const contentSelectors = [
  "main article",
  "article",
  "main",
  "[role=main]",
  "#main-content",
  ".wiki-content",
  "#content",
  ".content",
];

/** Removes navigation, scripts, cookie banners and the like, and finds the page's own text. */
export function contentArea($: CheerioAPI): ContentArea {
  $(neverContent).remove();
  removeNamedSurroundings($);
  removeListsOfPages($);
  for (const list of $("ul, ol, aside").toArray()) if (isOfLinks($, $(list))) $(list).remove();
  const own = findContent($);
  return { content: own, notices: noticesOutside($, own) };
}

/** Removes elements whose name says that they stand around the content. */
function removeNamedSurroundings($: CheerioAPI): void {
  const all = lengthOf($("body"));
  for (const element of $("[class], [id]").toArray()) {
    const one = $(element);
    const classes = (one.attr("class") ?? "").split(/\s+/).filter((name) => !state.test(name));
    const id = one.attr("id") ?? "";
    if (!around.test(`${classes.join(" ")} ${id}`) || one.is(content)) continue;
    if (one.find("main, article, h1").length > 0 || lengthOf(one) > all / 2) continue;
    if (!around.test(classes.join(" ")) && isAnchorOf(one.find("h2, h3, h4, h5, h6").first().text(), id))
      continue;
    one.remove();
  }
}

/** True if an id is made from a heading, as generators of documentation do: `<section id="comments"><h2>Comments</h2>`. */
function isAnchorOf(heading: string, id: string): boolean {
  const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "");
  return heading !== "" && slug(heading) === slug(id);
}

/** Removes "Related articles" and the like, with the list of links below. */
function removeListsOfPages($: CheerioAPI): void {
  for (const element of $("h2, h3, h4, h5, h6, p, div, strong").toArray()) {
    const heading = $(element);
    if (heading.children("div, p, ul, ol, table, section").length > 0) continue;
    if (!otherPages.test(heading.text().replace(/\s+/g, " ").trim())) continue;
    const around = heading.parent();
    const isAlone =
      !around.is(content) &&
      lengthOf(around) - lengthOf(heading) ===
        lengthOf(around.find("a[href]")) - lengthOf(heading.find("a[href]"));
    const list = heading.nextAll("ul, ol, div").first();
    if (isAlone) around.remove();
    else if (lengthOf(list) > 0 && lengthOf(list) === lengthOf(list.find("a[href]"))) {
      list.remove();
      heading.remove();
    }
  }
}

function findContent($: CheerioAPI): Elements {
  const body = $("body").clone();
  body.find("[role=banner]").remove();
  for (const header of body.find("header").toArray())
    if ($(header).find("h1, h2").length === 0) $(header).remove();
  const all = lengthOf(body);
  for (const selector of contentSelectors) {
    const found = body.find(selector).first();
    // A page of many small articles, or whose text stands beside its main element, is read whole.
    if (found.length > 0 && lengthOf(found) >= all / 2)
      return found.find("h1").length > 0 ? found : body.find("h1").first().add(found);
  }
  return body;
}

/** The texts outside of the content that announce an end, each from the smallest block that holds it. */
function noticesOutside($: CheerioAPI, own: Elements): string[] {
  const inside = own.text().replace(/\s+/g, "");
  const found = new Set<string>();
  const all = $("body").find(blocksOfText).toArray();
  const blocks = new Set<ParentNode>(all);
  // Only the smallest blocks are asked for their text, so that no text is read once for each level.
  const outer = new Set<ParentNode>();
  for (const element of all) {
    let above = element.parent;
    while (above && !blocks.has(above)) above = above.parent;
    if (above) outer.add(above);
  }
  for (const element of all) {
    if (outer.has(element)) continue;
    const text = $(element).text().replace(/\s+/g, " ").trim();
    if (text.length > 600 || !ending.test(text) || inside.includes(text.replace(/\s+/g, ""))) continue;
    found.add(text);
    if (found.size === MAX_NOTICES) break;
  }
  return [...found];
}

/** True if a list is a menu: its items are links to other pages. */
function isOfLinks($: CheerioAPI, list: Elements): boolean {
  const links = list.find("a[href]");
  if (links.length < 3) return false;
  let inLinks = 0;
  for (const link of links.toArray()) inLinks += lengthOf($(link));
  return inLinks >= lengthOf(list) * 0.9;
}

function lengthOf(element: Elements): number {
  return element.text().replace(/\s+/g, "").length;
}
