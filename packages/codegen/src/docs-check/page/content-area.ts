import type { CheerioAPI } from "cheerio";

/** Elements that are never content, wherever they stand. */
const neverContent = [
  "script, style, noscript, template, svg, canvas, iframe, object, video, audio, dialog, button, input, select, textarea",
  "nav, footer",
  "[role=navigation], [role=banner], [role=contentinfo], [role=search], [role=dialog], [role=alertdialog]",
].join(", ");

/** Words of class names and ids of elements around the content. Dashes, underscores and blanks separate words. */
const around =
  /(^|[\s_-])(cookies?|consent|gdpr|onetrust|navbar|sidebar|sidenav|breadcrumbs?|pagination|pager|toc|feedback|votes?|helpful|comments?|share|social|last[_-]?(updated|modified|edited)|related|recently[_-]?viewed|skip[_-]?link|hash[_-]?link|header[_-]?link)(?=$|[\s_-])/i;

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

/** Removes navigation, scripts, cookie banners and the like. @returns what holds the page's own text: its first heading, where that stands apart, and an element */
export function contentArea($: CheerioAPI): ReturnType<CheerioAPI> {
  $(neverContent).remove();
  for (const element of $("[class], [id]").toArray()) {
    const names = `${$(element).attr("class") ?? ""} ${$(element).attr("id") ?? ""}`;
    if (
      around.test(names) &&
      !$(element).is("html, body, main, article") &&
      $(element).find("main, article, h1").length === 0
    )
      $(element).remove();
  }
  for (const list of $("ul, ol, aside").toArray()) if (isOfLinks($, $(list))) $(list).remove();
  for (const header of $("header").toArray()) if ($(header).find("h1, h2").length === 0) $(header).remove();

  const body = $("body");
  const all = lengthOf(body);
  for (const selector of contentSelectors) {
    const found = $(selector).first();
    // A page of many small articles, or whose text stands beside its main element, is read whole.
    if (found.length > 0 && lengthOf(found) >= all / 2)
      return found.find("h1").length > 0 ? found : $("h1").first().add(found);
  }
  return body;
}

/** True if a list is a menu: its items are links to other pages. */
function isOfLinks($: CheerioAPI, list: ReturnType<CheerioAPI>): boolean {
  const links = list.find("a[href]");
  if (links.length < 3) return false;
  let inLinks = 0;
  for (const link of links.toArray()) inLinks += lengthOf($(link));
  return inLinks >= lengthOf(list) * 0.9;
}

function lengthOf(element: ReturnType<CheerioAPI>): number {
  return element.text().replace(/\s+/g, "").length;
}
