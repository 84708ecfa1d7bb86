import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { comparePage } from "../compare-page.js";
import type { LockedPage } from "../lock/lock.js";
import { digestsOf, type Page, readPage } from "./page.js";

const wiki = fixture("wiki");

describe("what a page says", () => {
  it("keeps headings, tables, code, notices and closed tabs", () => {
    const { sections } = page(fixture("reference"));
    expect(sections.map(({ name }) => name)).toEqual(["Make a report", "/reports", "Body required"]);
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
    expect(names[2]).toMatch(/^(word ){11}word…$/);
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
    ["a word in a paragraph", "Large shops take minutes", "Large shops take hours", "Description"],
    ["a word in a table", "Optional list of texts", "Required list of texts", "Request"],
    ["a word in code", '"name": "May"', '"title": "May"', "Request"],
    ["a limit", "more than 5 calls", "more than 3 calls", "Errors"],
    ["a status", "<code>ready</code>", "<code>ready</code>, <code>expired</code>", "Description (2)"],
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
    expect(changesOf(wiki.replace(errors, ""))).toEqual([{ change: "removed", section: "Errors" }]);
    expect(changesOf(wiki.replace("<h3>Errors</h3>", "<h3>What can go wrong</h3>"))).toEqual([
      { change: "renamed", section: "What can go wrong", before: "Errors" },
    ]);
  });

  it("is one section, though those after it are numbered anew", () => {
    const after = wiki.replace(
      '<h2 id="start">',
      '<h2>First steps</h2><h3>Description</h3><p>Ask for a key.</p><h2 id="start">',
    );
    expect(changesOf(after)).toEqual([
      { change: "added", section: "First steps" },
      { change: "added", section: "Description" },
    ]);
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
