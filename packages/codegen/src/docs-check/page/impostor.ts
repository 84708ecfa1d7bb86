import type { CheerioAPI } from "cheerio";
import type { Fault } from "./fault.js";

/** What a page shows, beside its own text. It is read before anything is removed from the page. */
export interface Surface {
  readonly title: string;
  readonly asksForPassword: boolean;
  /** True if a form asks who somebody is, as the first page of a login does. */
  readonly asksForName: boolean;
  readonly asksForPerson: boolean;
  readonly wantsScript: boolean;
  readonly hasScript: boolean;
  readonly hasEmptyMount: boolean;
  /** Where the page sends a browser on by itself. */
  readonly refreshTo: string | undefined;
}

/** Reads what a page shows beside its text. */
export function surfaceOf($: CheerioAPI): Surface {
  const refresh = $("meta[http-equiv]")
    .toArray()
    .find((meta) => $(meta).attr("http-equiv")?.toLowerCase() === "refresh");
  return {
    title: $("title").first().text().replace(/\s+/g, " ").trim(),
    asksForPassword: $("input[type=password]").length > 0,
    asksForName:
      $(
        "form input[type=email], form input[name*=user], form input[name*=email], form input[name*=login], form input[autocomplete=username]",
      ).length > 0,
    asksForPerson:
      $(".g-recaptcha, .h-captcha, .cf-turnstile, #challenge-form, #cf-wrapper, [id*=captcha]").length > 0,
    wantsScript: /javascript/i.test($("noscript").text()),
    hasScript: $("script").length > 0,
    hasEmptyMount: $("#root, #app, #__next, #__nuxt, #__docusaurus, app-root, [data-reactroot]")
      .toArray()
      .some((mount) => {
        const inside = $(mount).clone();
        inside.find("script, style, noscript, a, nav, header, footer, ul").remove();
        return wordsIn(inside.text()) < 5;
      }),
    refreshTo: refresh && /url\s*=\s*['"]?([^'"\s]+)/i.exec($(refresh).attr("content") ?? "")?.[1],
  };
}

/** The text of a page, and how much of it there is. */
export interface Shown {
  readonly heading: string;
  readonly text: string;
  readonly words: number;
  /** How many words are in no link. */
  readonly wordsOutsideLinks: number;
}

/** What a page is that is not the vendor's: a challenge, a login, an error. Undefined if it looks like a page of text. */
export function impostorOf(
  surface: Surface,
  { heading, text, words, wordsOutsideLinks }: Shown,
): Fault | undefined {
  const { title } = surface;
  const isShort = words < 150;
  const says = (pattern: RegExp): boolean => [title, heading].some((one) => pattern.test(one));
  if (
    /^(just a moment|attention required|access denied|verify(ing)? (that )?you are human|are you a (robot|human)|security check|human verification|one more step|pardon our interruption|request unsuccessful|ddos protection)/i.test(
      title,
    ) ||
    (isShort && surface.asksForPerson) ||
    (isShort &&
      /\b(checking (if the site connection is secure|your browser)|verify(ing)? (that )?you are (a )?human|unusual traffic|are you a robot)\b/i.test(
        text,
      ))
  )
    return {
      fault: "forbidden",
      why: `asks whether a person is reading ("${(title || heading).slice(0, 40)}")`,
    };
  if (
    isShort &&
    (surface.asksForPassword ||
      (surface.asksForName && says(/\b(log|sign)[- ]?(in|on)\b|welcome back|single sign-on|\bSSO\b/i)))
  )
    return { fault: "login", why: "shows a form to log in" };
  if (surface.refreshTo !== undefined && words < 60)
    return { fault: "redirects", why: `sends browsers on to ${surface.refreshTo.split(/[?#]/)[0]}` };
  if (
    isShort &&
    says(
      /\b(maintenance|be right back|be back soon|temporarily (unavailable|offline|down)|service unavailable)\b/i,
    )
  )
    return { fault: "server-error", why: "says that the site is under maintenance, though it answers 200" };
  if (
    words < 250 &&
    says(
      /^(before you continue|we (value|respect) your privacy|your privacy( choices)?$|(manage|your) (cookie|consent)|(cookie|consent|privacy) (consent|settings|preferences|choices)|accept cookies)/i,
    )
  )
    return { fault: "consent", why: "asks for a consent before it shows the page" };
  const isScripted = surface.hasScript && (surface.wantsScript || surface.hasEmptyMount || words === 0);
  if (isScripted && (words < 25 || (isShort && wordsOutsideLinks < 10)))
    return { fault: "script-only", why: "has no text before its scripts have run" };
  if (words === 0) return { fault: "empty", why: "holds no word" };
  if (
    isShort &&
    (says(
      /^(error )?404\b|\b404$|\b(page|article|document)( was| could)? ?(not|n.t)( be)? found\b|^not found\b|page (doesn.t|does not|no longer) exist|^(oops|whoops|sorry|uh[- ]oh)\b|nothing (was )?found/i,
    ) ||
      /\b(page|article|document|content)\b.{0,40}\b(you (are|were|.re) looking for|you requested|you have requested)\b.{0,60}\b(n.t|not|no longer|moved|removed|deleted)\b/i.test(
        text,
      ) ||
      /\b(couldn.t|could not|can.t|cannot|can not) (find|locate) (the|that|this) (page|article|document)\b/i.test(
        text,
      ))
  )
    return { fault: "not-found", why: "says that there is no such page, though it answers 200" };
  return undefined;
}

/** How many words a text has. */
export function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
