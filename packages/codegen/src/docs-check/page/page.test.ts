import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { comparePage } from "../compare-page.js";
import type { LockedPage } from "../lock/lock.js";
import { digestsOf, type Page, readPage } from "./page.js";

const wiki = fixture("wiki");
const start = "POST /shops/<shop>/exports";

describe("what a page says", () => {
  it("keeps headings, tables, code, notices and closed tabs", () => {
    const { sections } = page(fixture("reference"));
    expect(sections.map(({ name }) => name)).toEqual([
      "Make a report",
      "/reports",
      "/reports › Body required",
    ]);
    const text = sections.map((section) => section.text).join("\n");
    for (const kept of ["short", '"report-no": 5', "waiting already", "kept for nine days", "80 signs"])
      expect(text).toContain(kept);
    for (const dropped of ["Globex", "Skip to", "Fetch the report", "Ruby"])
      expect(text).not.toContain(dropped);
  });

  it("leaves out menus, banners, comments, scripts and when the page was built", () => {
    const text = JSON.stringify(page(wiki));
    for (const dropped of ["cookies", "Log in", "Shops", "Jan 03", "8841", "likes", "built"])
      expect(text).not.toContain(dropped);
  });

  it("numbers headings that repeat, and cuts long ones", () => {
    const names = page(
      `<h2>Request</h2><p>a</p><h2>Request</h2><p>b</p><h2>${"word ".repeat(30)}</h2><p>c</p>`,
    ).sections.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["Request", "Request (2)"]);
    expect(names[2]).toMatch(/^(word ){19}word… [0-9a-f]{4}$/);
  });

  it("reads Markdown by its headings, but not those in code", () => {
    const { sections } = page("# A\none\n```\n# not a heading\n```\n## B\ntwo\n", "text/markdown");
    expect(sections.map(({ name }) => name)).toEqual(["A", "B"]);
  });

  it.each([
    ["a charset in the header", "text/html; charset=iso-8859-1", "latin1", ""],
    ["a charset in the page", "text/html", "latin1", '<meta charset="iso-8859-1">'],
    ["a wrong charset in the header", "text/html; charset=iso-8859-1", "utf8", ""],
    ["UTF-8 in name only", "text/html; charset=utf-8", "latin1", ""],
    ["a charset that there is not", "text/html; charset=klingon", "utf8", ""],
    ["no charset", "text/html", "utf8", ""],
  ] as const)("reads a page with %s", (_, type, encoding, meta) => {
    const bytes = Buffer.from(
      `<html><head>${meta}<title>x</title></head><body><h1>Größe</h1><p>zwölf Stück</p></body></html>`,
      encoding,
    );
    expect(readPage(bytes, type)).toMatchObject({ sections: [{ name: "Größe", text: "zwölf Stück" }] });
  });

  it.each([
    ["empty", ""],
    ["empty", "<html><body><p> </p></body></html>"],
    [
      "script-only",
      "<html><body><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=/a.js></script></body></html>",
    ],
    [
      "script-only",
      "<html><body><div id=__next><p>Loading…</p></div><script src=/a.js></script></body></html>",
    ],
    ["script-only", "<html><body><script>render()</script></body></html>"],
    [
      "login",
      "<html><body><h1>Welcome back</h1><form><input name=u><input type=password></form></body></html>",
    ],
    [
      "not-found",
      "<html><head><title>Page not found - Docs</title></head><body><h1>Sorry</h1><p>Try the search.</p></body></html>",
    ],
    [
      "forbidden",
      "<html><head><title>Just a moment...</title></head><body><p>Checking your browser</p></body></html>",
    ],
  ] as const)("tells a page that is %s", (fault, html) => {
    expect(readPage(Buffer.from(html), "text/html")).toMatchObject({ fault });
  });

  it("tells what is no text", () => {
    expect(readPage(Buffer.from("%PDF"), "application/pdf")).toMatchObject({
      fault: "not-text",
      why: expect.stringContaining("application/pdf"),
    });
  });
});

describe("what is a change of a page", () => {
  const changesOf = (after: string, before = wiki) => comparePage(locked(page(before)), page(after));

  it("is not a new layout with the same words", () => {
    expect(changesOf(fixture("wiki-relayout"))).toEqual([]);
    expect(digestsOf(page(fixture("wiki-relayout"))).words).toBe(digestsOf(page(wiki)).words);
  });

  it("is not a heading that became a bold line", () => {
    expect(changesOf(wiki.replace("<h3>Errors</h3>", "<p><b>Errors</b></p>"))).toEqual([]);
  });

  it.each([
    ["a date of the build", "Jan 03, 2026 by Jo Doe", "Feb 09, 2026 by Kim Poe"],
    ["the footer", "8.4.1, built 2026-01-04", "8.5.0, built 2026-05-05"],
    ["a cookie banner", "We use cookies to make the wiki better.", "We and 312 partners value you."],
    ["a script", "8841", "9999"],
    [
      "the menu",
      '<li><a href="/a">Shops</a></li>',
      '<li><a href="/a">Shops</a></li><li><a href="/n">News</a></li>',
    ],
    ["a comment of a reader", "12 likes", "13 likes"],
  ])("is not %s", (_, from, to) => {
    expect(wiki).toContain(from);
    expect(changesOf(wiki.replace(from, to))).toEqual([]);
  });

  it("is not the time in a sample that each build makes anew", () => {
    const reference = fixture("reference");
    expect(
      changesOf(reference.replace("2026-07-29T15:51:28.071Z", "2026-11-25T03:00:00.123Z"), reference),
    ).toEqual([]);
    expect(
      changesOf(reference.replace("2026-07-29T15:51:28.071Z", "2026-07-29T15:51:28.071"), reference),
    ).toHaveLength(1);
  });

  it.each([
    ["a word in a paragraph", "Large shops take minutes", "Large shops take hours", `${start} › Description`],
    ["a word in a table", "Optional list of texts", "Required list of texts", `${start} › Request`],
    ["a word in code", '"name": "May"', '"title": "May"', `${start} › Request`],
    ["a limit", "more than 5 calls", "more than 3 calls", "GET /exports › Errors"],
    [
      "a status",
      "<code>ready</code>",
      "<code>ready</code>, <code>expired</code>",
      "GET /exports › Description",
    ],
  ])("is %s, in its section", (_, from, to, section) => {
    expect(wiki).toContain(from);
    expect(changesOf(wiki.replace(from, to))).toEqual([{ change: "changed", section }]);
  });

  it("is a section more, one less, or another heading", () => {
    const cancel = "<h2>DELETE /exports</h2><p>Stops one.</p>";
    const errors = /<h3>Errors<\/h3>.*<\/ul>/;
    expect(changesOf(wiki.replace('<h2 id="list">', `${cancel}<h2 id="list">`))).toEqual([
      { change: "added", section: "DELETE /exports" },
    ]);
    expect(changesOf(wiki.replace(errors, ""))).toEqual([
      { change: "removed", section: "GET /exports › Errors" },
    ]);
    expect(changesOf(wiki.replace("<h3>Errors</h3>", "<h3>What can go wrong</h3>"))).toEqual([
      { change: "renamed", section: "GET /exports › What can go wrong", before: "GET /exports › Errors" },
    ]);
  });

  it("is one section, though those after it are numbered anew", () => {
    const after = wiki.replace(
      '<h2 id="start">',
      '<h2>First steps</h2><h3>Description</h3><p>Ask for a key.</p><h2 id="start">',
    );
    expect(changesOf(after)).toEqual([
      { change: "added", section: "First steps" },
      { change: "added", section: "First steps › Description" },
    ]);
  });
});

/** A page of a help centre, with all that such a page has around its text. */
function helpCentre(around: Partial<Record<"time" | "votes" | "related" | "edit" | "header", string>> = {}) {
  const {
    time = "3 years ago",
    votes = "12 out of 15",
    related = "Sorting",
    edit = "Edit this page",
    header = "",
  } = around;
  return `<html><head><title>Lists</title></head><body>${header}<main><article>
    <h1 class="with-breadcrumbs">Lists of orders</h1>
    <ul class="meta-data"><li><time datetime="2023-01-01">${time}</time></li><li>Updated ${time}</li><li>Kim Poe · ${time}</li></ul>
    <h2>Fields</h2><p>The field <code>format</code> is csv. Orders of more than 90 days ago are not listed.</p>
    <p>${votes} found this helpful</p><p>${votes.split(" ")[0]} comments</p><p>1,2${votes.slice(0, 2)} views</p>
    <p><a href="/edit/9">${edit}</a></p>
    <section class="more"><h3>Related articles</h3><ul><li><a href="/a">${related}</a></li><li><a href="/b">Filters</a></li></ul></section>
    <p>Recently viewed</p><ul><li><a href="/c">${related} again</a></li></ul>
    </article></main></body></html>`;
}

describe("what are no words of the page", () => {
  it.each([
    ["a relative date", { time: "4 years ago" }],
    ["a relative date in words", { time: "about a month ago" }],
    ["votes, views and comments", { votes: "13 out of 17" }],
    ["related articles, and those viewed before", { related: "Grouping" }],
    ["a call to edit", { edit: "Edit on Forge" }],
  ])("%s", (_, around) => {
    expect(digestsOf(page(helpCentre(around))).words).toBe(digestsOf(page(helpCentre())).words);
  });

  it("ids and times of a sample that is made anew each time", () => {
    const of = (id: string, trace: string, day: string) =>
      digestsOf(
        page(
          `<h1>A</h1><pre>{ "id": "${id}", "trace": "${trace}" }\nLast-Modified: ${day}</pre><p>At most 32 calls.</p>`,
        ),
      ).words;
    const [one, other] = ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "0b1c4fae-7dec-11d0-a765-00a0c91e6bf7"];
    expect(of(one, "ab12".repeat(8), "Mon, 02 Nov 2026 08:00:00 GMT")).toBe(
      of(other, "cd34".repeat(8), "Tue, 03 Nov 2026 09:10:11 GMT"),
    );
    expect(of(one, "short", "x")).not.toBe(of(one, "shorter", "x"));
  });

  it("but a relative date in a sentence is a fact, and so is a day in <time>", () => {
    expect(JSON.stringify(page(helpCentre()))).toContain("90 days ago");
    const day = page("<h1>End</h1><p>The call ends on <time>1 May 2027</time>.</p>");
    expect(day.sections[0]?.text).toContain("1 May 2027");
  });
});

describe("what is content, whatever it is called", () => {
  it("a heading that tells of breadcrumbs", () => {
    expect(page(helpCentre()).sections.map(({ name }) => name)).toEqual(["Lists of orders", "Fields"]);
  });

  it.each([
    ["a heading that is a field's name", '<h3 id="comments" class="share">comments</h3><p>A text.</p>'],
    ["a row of a table", '<table><tr id="vote" class="feedback"><td>vote</td><td>A text.</td></tr></table>'],
    ["a definition", '<dl><dt id="related">related</dt><dd class="related">A text.</dd></dl>'],
    ["a section named after its heading", '<section id="comments"><h2>Comments</h2><p>A text.</p></section>'],
    [
      "what holds most of the page",
      '<div class="page-with-sidebar has-toc share"><p>A text. It is most of what the page says.</p></div>',
    ],
  ])("%s", (_, html) => {
    expect(JSON.stringify(page(`<main><h1>Fields</h1>${html}</main>`))).toContain("A text.");
  });
});

describe("what says that something ends", () => {
  const notice =
    '<div class="version-banner">These are the pages of version 1, which is no longer maintained.</div>';

  it("is part of the page, also outside of its article", () => {
    const { sections } = page(helpCentre({ header: notice }));
    expect(sections.at(-1)).toMatchObject({
      name: "(notice beside the text)",
      text: "These are the pages of version 1, which is no longer maintained.",
    });
    expect(comparePage(locked(page(helpCentre())), page(helpCentre({ header: notice })))).toEqual([
      { change: "added", section: "(notice beside the text)" },
    ]);
  });

  it("is told once where the article holds it, and no menu is taken for it", () => {
    const inside = helpCentre().replace("<h2>Fields</h2>", `${notice}<h2>Fields</h2>`);
    expect(page(inside).sections.map(({ name }) => name)).toEqual(["Lists of orders", "Fields"]);
    const menu =
      '<nav><a href="/old">Pages of the old version, deprecated</a></nav><footer>No longer sold.</footer>';
    expect(digestsOf(page(helpCentre({ header: menu })))).toEqual(digestsOf(page(helpCentre())));
  });

  it.each(["del", "s", "strike"])("is <%s> around a field", (tag) => {
    const before = helpCentre();
    const after = before.replace("<code>format</code>", `<${tag}><code>format</code></${tag}>`);
    expect(comparePage(locked(page(before)), page(after))).toEqual([
      { change: "changed", section: "Fields" },
    ]);
  });
});

describe("a page that is made to be hard to read", () => {
  it("is refused if it is nested very deep", { timeout: 30_000 }, () => {
    for (const levels of [1000, 100_000]) {
      const html = `<html><body>${"<div>".repeat(levels)}<h1>A</h1>text`;
      expect(readPage(Buffer.from(html), "text/html")).toMatchObject({
        fault: "not-text",
        why: "is HTML nested deeper than 500 levels",
      });
    }
  });

  it("keeps a name in one piece that may be broken over lines", () => {
    expect(page("<h1>A</h1><p>subs<wbr>criber_id</p>").sections[0]?.text).toBe("subscriber_id");
  });
});

describe("sections", () => {
  const long = (end: string) =>
    `How an export of the orders of one shop is started when the account has more than one shop of the kind ${end}`;

  it("are told apart by the ends of long headings, and by the headings above", () => {
    const of = (limit: string) =>
      page(
        `<h1>A</h1><h2>${long("small")}</h2><p>one</p><h2>${long("large")}</h2><h3>Limit</h3><p>${limit}</p><h2>Files</h2><h3>Limit</h3><p>9</p>`,
      );
    const [change, ...others] = comparePage(locked(of("5")), of("6"));
    expect(others).toEqual([]);
    expect(change?.section).toMatch(/^How an export .*… [0-9a-f]{4} › Limit$/);
    expect(new Set(of("5").sections.map(({ name }) => name)).size).toBe(6);
  });

  const parts = ["one", "two", "three"].map(
    (word) => `<h3>Description</h3><p>${word}, first</p><p>${word}, last</p>`,
  );
  it("of one name are paired by what they say: one less between two is one removed", () => {
    const [first, second, third] = parts;
    const before = page(`<h2>A</h2>${first}${second}${third}`);
    const after = page(`<h2>A</h2>${first}${third?.replace("three, last", "three, at last")}`);
    expect(comparePage(locked(before), after)).toEqual([
      { change: "changed", section: "A › Description (2)", before: "A › Description (3)" },
      { change: "removed", section: "A › Description (2)" },
    ]);
  });

  it("below a renamed heading are as they were: a renamed heading is one line", () => {
    const of = (title: string, part: string) =>
      page(
        `<h1>${title}</h1><h2>${part}</h2>${parts.map((text, index) => text.replace("Description", `Part ${index}`)).join("")}<h2>End</h2><p>end</p>`,
      );
    expect(comparePage(locked(of("Exports", "Fields")), of("Exports of orders", "What may be sent"))).toEqual(
      [
        { change: "renamed", section: "Exports of orders", before: "Exports" },
        { change: "renamed", section: "What may be sent", before: "Fields" },
      ],
    );
  });

  it("that were renamed and say a little else are still paired", () => {
    const of = (heading: string, limit: string) =>
      page(
        `<h1>A</h1><h2>${heading}</h2><p>First.</p><p>Second.</p><p>At most ${limit}.</p><h2>End</h2><p>end</p>`,
      );
    expect(comparePage(locked(of("Limits", "5")), of("Quotas and limits", "6"))).toEqual([
      { change: "renamed", section: "Quotas and limits", before: "Limits" },
    ]);
  });

  it("with another name and other words are added and removed", () => {
    const of = (html: string) => page(`<h1>A</h1><p>a</p>${html}<h2>End</h2><p>end</p>`);
    expect(
      comparePage(locked(of("<h2>Limits</h2><p>At most 5.</p>")), of("<h2>Colours</h2><p>Blue.</p>")),
    ).toEqual([
      { change: "added", section: "Colours" },
      { change: "removed", section: "Limits" },
    ]);
  });
});

describe("a page that is not the vendor's", () => {
  const filler = "We are sorry for that. ".repeat(4);
  it.each([
    ["forbidden", "<title>One more step</title><p>Please complete the check.</p>"],
    ["forbidden", `<title>Acme</title><p>${filler}</p><form><div class="h-captcha"></div></form>`],
    ["forbidden", "<title>acme.example</title><p>We are checking your browser before you go on.</p>"],
    [
      "login",
      "<title>Sign in - Acme</title><h1>Sign in</h1><form><label>E-mail</label><input type=email name=email></form>",
    ],
    [
      "login",
      "<title>Acme</title><h1>Welcome back</h1><form><input name=username autocomplete=username></form>",
    ],
    ["not-found", `<title>Acme</title><h1>Oops!</h1><p>${filler}</p>`],
    [
      "not-found",
      "<title>Docs</title><h1>Docs</h1><p>The page you are looking for has moved or does not exist.</p>",
    ],
    ["not-found", "<title>Docs</title><h1>Docs</h1><p>We couldn't find that page.</p>"],
    ["server-error", `<title>Acme is down for maintenance</title><p>${filler}</p>`],
    ["consent", `<title>Before you continue</title><p>${filler.repeat(8)}</p><button>Accept all</button>`],
    ["consent", `<title>Acme</title><h1>We value your privacy</h1><p>${filler.repeat(8)}</p>`],
    ["redirects", '<meta http-equiv="Refresh" content="0; url=/v2/orders?from=1"><p>You are sent on.</p>'],
    [
      "script-only",
      `<div id="app"><div class="menu">${Array.from({ length: 30 }, (_, n) => `<a href="/${n}">Page number ${n}</a>`).join("")}</div><div></div></div><script src=/a.js></script>`,
    ],
  ] as const)("is %s: %s", (fault, html) => {
    expect(readPage(Buffer.from(`<html><body>${html}</body></html>`), "text/html")).toMatchObject({ fault });
  });

  it.each([
    ["%PDF-1.7\n%", "a PDF"],
    ["PK\x03\x04abc", "a ZIP"],
    ["\x1f\x8b\x08abc", "compressed once more"],
    ["abc\0def", "no text"],
  ])("is no text, though it says so: %j", (text, what) => {
    expect(readPage(Buffer.from(text, "latin1"), "text/html; charset=utf-8")).toMatchObject({
      fault: "not-text",
      why: expect.stringContaining(what),
    });
  });

  it.each([
    [
      "a long page about logging in",
      `<title>Sign in with SSO</title><h1>Sign in</h1><p>${"The token is sent. ".repeat(60)}</p><form><input type=email></form>`,
    ],
    [
      "a page that tells of maintenance",
      "<title>Exports</title><h1>Exports</h1><p>During maintenance the call answers 503.</p>",
    ],
    ["a page that tells of codes", "<title>Codes</title><h1>Codes</h1><p>404: the export was not found.</p>"],
  ])("is not %s", (_, html) => {
    expect(readPage(Buffer.from(`<html><body>${html}</body></html>`), "text/html")).toHaveProperty(
      "sections",
    );
  });
});

it("keeps none of the page's sentences in the lock", () => {
  expect(JSON.stringify(locked(page(wiki)))).not.toMatch(/collects|minutes|likes/);
});

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}.html`, import.meta.url), "utf8");
}

function page(text: string, type = "text/html"): Page {
  const found = readPage(Buffer.from(text), type);
  if ("fault" in found) throw new Error(found.why);
  return found;
}

function locked(of: Page): LockedPage {
  return { read: "2026-11-22", ...digestsOf(of) };
}
