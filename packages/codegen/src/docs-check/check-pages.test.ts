import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repositoryAt } from "../testing/fixture-repository.js";
import { readLock } from "./lock/lock.js";
import {
  type Handler,
  html,
  openSite,
  page,
  redirect,
  relayout,
  reply,
  type Site,
  wiki,
} from "./testing/site.js";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

describe("docs:check", () => {
  it("says nothing of pages that are as they were read", async () => {
    expect(await site.command("accept", "acme")).toBe(0);
    expect(await site.command("check")).toBe(0);
    expect(site.printed).toBe("4 pages: 4 as read");
    expect(site.mostOpen).toBe(1);
  });

  it("tells which section changed, who cites it, which fields it speaks of, and how it differs", async () => {
    await site.command("accept", "acme");
    site.pages["/docs/start"] = page(
      wiki.replace("Optional list of texts", "Optional list of texts, at most 20"),
    );
    expect(await site.command("check", "acme")).toBe(1);
    expect(site.printed).toContain(`changed ${site.origin}/docs/start (read 2026-11-26)`);
    expect(site.printed).toContain("cited by operation startOrderExport");
    expect(site.printed).toContain(
      "changed: POST /shops/<shop>/exports › Request (speaks of startOrderExport.columns)",
    );
    expect(site.printed).toContain("-| columns | Optional list of texts\n");
    expect(site.printed).toContain("+| columns | Optional list of texts, at most 20");
    expect(site.printed).toContain("4 pages: 3 as read, 1 changed");
  });

  it("tells the new lines and their fields when the last text is not here", async () => {
    await site.command("accept", "acme");
    await rm(join(site.root, ".cache"), { recursive: true });
    site.pages["/docs/start"] = page(wiki.replace("Required: <code>orders", "Required: <code>items"));
    expect(await site.command("check")).toBe(1);
    expect(site.printed).toContain(
      "changed: POST /shops/<shop>/exports › Request (speaks of startOrderExport.kind)",
    );
    expect(site.printed).toContain("- (1 line is gone; the text that was read is not here)");
    expect(site.printed).toContain("+ | kind | Required: items");
  });

  const reference = `<h1>Start</h1><h2>Body</h2><ul>
    <li><strong>name</strong> <span>text</span><p>Required</p><p>At most 80 signs.</p></li>
    <li><strong>kind</strong> <span>text</span><p>Possible values: [<code>orders</code>, <code>xls</code>]</p></li></ul>
    <h3>columns</h3><p>A list of: id, total.</p>
    <table><tr><td>from</td><td>Required</td><td>A day.</td></tr></table>
    <h2>States</h2><p>An export is waiting or working.</p><h2>Limits</h2><p>At most 9 a day.</p>`;

  describe.each([
    ["with the text that was read", true],
    ["with the lock alone", false],
  ])("names the field that a change speaks of, %s:", (_, hasText) => {
    it.each([
      [
        "a value more in the list of a property",
        "<code>xls</code>",
        "<code>xlsx</code>, <code>pdf</code>",
        "startOrderExport.kind",
      ],
      [
        "Required that became Optional",
        "<p>Required</p>",
        "<p>Optional</p>",
        "Export.name, listExports.name, startOrderExport.name",
      ],
      [
        "a line less below a property",
        "<p>At most 80 signs.</p>",
        "",
        "Export.name, listExports.name, startOrderExport.name",
      ],
      [
        "a word below a heading that is a field's name",
        "id, total.",
        "id, total, tax.",
        "startOrderExport.columns",
      ],
      ["a cell of a table", "A day.", "A day, not of next year.", "startOrderExport.from"],
      [
        "a word of a state in a sentence",
        "waiting or working.",
        "waiting, working or paused.",
        "Export.status",
      ],
      ["a sentence of none", "At most 9 a day.", "At most 8 a day.", undefined],
    ])("%s", async (_, from, to, field) => {
      expect(reference).toContain(from);
      await site.edit("openapi.yaml", (text) =>
        text.replace(`${site.origin}/docs/list`, `${site.origin}/docs/start`),
      );
      site.pages["/docs/start"] = page(reference);
      await site.command("accept", "acme");
      if (!hasText) await rm(join(site.root, ".cache"), { recursive: true });
      site.pages["/docs/start"] = page(reference.replace(from, to));
      expect(await site.command("check", "acme")).toBe(1);
      const [, fields] = /changed: [^(]*?(?: \(speaks of (.*?)\))?\n/.exec(site.printed) ?? [];
      expect(fields).toBe(field);
    });
  });

  it("keeps the accepted text for the diff, however often a change is looked at", async () => {
    await site.command("accept", "acme");
    site.pages["/docs/start"] = page(wiki.replace("5 calls", "3 calls"));
    await site.command("check");
    await site.command("check");
    expect(site.printed).toContain("-429 - more than 5 calls in a second");
  });

  it("shows nothing of a page that steers a terminal, and no more than one can read", async () => {
    await site.command("accept", "acme");
    site.pages["/docs/start"] = page(
      wiki.replace(
        "Optional list of texts",
        `Optional \x1b[2J\u202elist ${"long ".repeat(200)}</td></tr>${"<tr><td>row</td></tr>".repeat(100)}<tr><td>`,
      ),
    );
    await site.command("check", "acme");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(site.printed).not.toMatch(/[\x1b\u202e]/);
    expect(site.printed).toContain("Optional \\u{1b}[2J\\u{202e}list long");
    expect(site.printed).toMatch(/… \(\d{4} characters\)/);
    expect(site.printed).toMatch(/… and \d+ lines more/);
    expect(site.printed.split("\n").length).toBeLessThan(100);
  });

  it("says that nothing is left of a page, as of one in another language", async () => {
    await site.command("accept", "acme");
    site.pages["/docs/file"] = page("<h1>Dateien</h1><p>Immer dieselben: GET /exports/{id}/file</p>");
    site.pages["/docs/list"] = page("<h1>Lists</h1><p>Others: GET /exports</p>");
    expect(await site.command("check")).toBe(1);
    expect(site.printed.match(/nothing of what was read is left/g)).toHaveLength(1);
    expect(site.printed).toMatch(/docs\/file .*\n.*\n {4}nothing of what was read is left/);
  });

  it("is silent about a new layout of the same words", async () => {
    await site.command("accept", "acme");
    site.pages["/docs/start"] = page(relayout);
    expect(await site.command("check")).toBe(0);
  });

  it("writes JSON for machines", async () => {
    await site.command("accept", "acme");
    site.pages["/docs/start"] = page(wiki.replace("<h3>Errors</h3>", "<h3>Faults</h3>"));
    site.pages["/docs/list"] = reply(404, "gone");
    expect(await site.command("check", "--json")).toBe(1);
    const { exitCode, pages: reports } = JSON.parse(site.printed);
    expect(exitCode).toBe(1);
    expect(reports).toHaveLength(4);
    expect(reports).toContainEqual(
      expect.objectContaining({
        vendor: "acme",
        url: `${site.origin}/docs/start`,
        state: "changed",
        citedBy: ["operation startOrderExport"],
        changes: [
          expect.objectContaining({
            change: "renamed",
            section: "GET /exports › Faults",
            before: "GET /exports › Errors",
          }),
        ],
      }),
    );
    expect(reports).toContainEqual(
      expect.objectContaining({ url: `${site.origin}/docs/list`, state: "not-found" }),
    );
  });

  it("names pages whose words were never taken, and what to do", async () => {
    await writeFile(
      join(site.root, "specs/acme/docs.lock.json"),
      JSON.stringify({
        pages: Object.fromEntries(
          ["", "/start", "/list", "/file"].map((path) => [
            `${site.origin}/docs${path}`,
            { read: "2026-11-22" },
          ]),
        ),
      }),
    );
    expect(await site.command("check")).toBe(2);
    expect(site.printed).toContain(
      `not taken ${site.origin}/docs/list: cited, but no digest was taken yet; read it, then npm run docs:accept acme`,
    );
    expect(site.printed).toContain("4 pages: 4 not taken yet");
  });

  const moved = `<html><body><h1>Lists</h1><p>The same always: GET /exports</p></body></html>`;
  it.each<[string, string, string, number, Handler]>([
    ["is gone (404)", "not-found", "answers 404", 2, reply(404, "x")],
    ["is gone (410)", "not-found", "answers 410", 2, reply(410, "x")],
    [
      "is gone, though it answers 200",
      "not-found",
      "says that there is no such page",
      2,
      page("<title>404 Not Found</title><h1>404</h1>"),
    ],
    [
      "is sent on to the first page",
      "not-found",
      "is sent on to the site's first page",
      2,
      redirect(301, "/"),
    ],
    ["needs a login (401)", "login", "answers 401", 2, reply(401, "x")],
    [
      "needs a login (form)",
      "login",
      "shows a form to log in",
      2,
      page("<form><input type=password></form><p>Hello</p>"),
    ],
    ["needs a login (redirect)", "login", "/sso/login, to log in", 2, redirect(302, "/sso/login?to=list")],
    ["is forbidden", "forbidden", "answers 403", 2, reply(403, "x")],
    [
      "asks for a person",
      "forbidden",
      "whether a person is reading",
      2,
      page("<title>Just a moment...</title><p>Checking</p>"),
    ],
    [
      "is rate limited for long",
      "rate-limited",
      "come back in 3600 s",
      2,
      reply(429, "x", { "retry-after": "3600" }),
    ],
    ["is rate limited without an end", "rate-limited", "answers 429", 2, reply(429, "x")],
    ["is broken", "server-error", "answers 500", 2, reply(500, "x")],
    ["is down", "server-error", "answers 503", 2, reply(503, "x")],
    [
      "asks for a person with 503",
      "forbidden",
      "answers 503, and asks whether a person is reading",
      2,
      reply(503, "<title>Just a moment...</title><p>Checking</p>", html),
    ],
    [
      "asks for a person with 429",
      "forbidden",
      "answers 429, and asks whether a person is reading",
      2,
      reply(429, "<title>Security check</title><p>Checking</p>", html),
    ],
    [
      "is cut in the middle of what is compressed",
      "cut",
      "ends in the middle",
      2,
      (_, response) => {
        const whole = gzipSync(
          `<html><body><h1>Lists</h1><p>${"GET /exports lists them. ".repeat(9)}</p><p>${randomUUID().repeat(400)}</p></body></html>`,
        );
        response
          .writeHead(200, { ...html, "content-encoding": "gzip" })
          .end(whole.subarray(0, whole.length / 2));
      },
    ],
    ["hangs up", "unreachable", "cannot be reached", 2, (_, response) => response.destroy()],
    [
      "breaks off",
      "unreachable",
      "broke off",
      2,
      (_, response) => {
        response.writeHead(200, { ...html, "content-length": "5000" });
        response.write("<p>half");
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ["is slow", "unreachable", "it took too long", 2, () => undefined],
    [
      "drips",
      "unreachable",
      "it took too long",
      2,
      (_, response) => {
        response.writeHead(200, html);
        const timer = setInterval(() => response.write("."), 20);
        response.on("close", () => clearInterval(timer));
      },
    ],
    ["is empty", "empty", "answers nothing", 2, reply(200, "", html)],
    ["is without words", "empty", "holds no word", 2, page("<div></div>")],
    [
      "is rendered by scripts",
      "script-only",
      "before its scripts have run",
      2,
      page("<div id=site.root></div><script src=/a.js></script>"),
    ],
    ["is a picture", "not-text", "image/png", 2, reply(200, "PNG", { "content-type": "image/png" })],
    ["is huge", "too-big", "bigger than 0.2 MB", 2, page(`<p>${"word ".repeat(60_000)}</p>`)],
    ["leads round in a circle", "redirects", "more than 5 times", 2, redirect(302, "/docs/list")],
    ["leads nowhere", "redirects", "where no page can be", 2, redirect(302, "ftp://acme.example/")],
    ["answers oddly", "status", "answers 418", 2, reply(418, "x")],
    ["moved for good", "moved", "the words are the same", 1, redirect(301, "/new/list")],
  ])(
    "gives a page that %s a line of its own, and keeps its lock",
    async (_, state, line, exitCode, handler) => {
      await site.command("accept", "acme");
      const before = await readLock(repositoryAt(site.root), "acme");
      site.pages["/docs/list"] = handler;
      site.pages["/new/list"] = page(moved);
      expect(await site.command("check")).toBe(exitCode);
      const own = site.printed.split("\n").filter((one) => one.includes(`${site.origin}/docs/list`));
      expect(own).toHaveLength(1);
      expect(own[0]).toMatch(new RegExp(`^${state} `));
      expect(own[0]).toContain(line);
      expect(site.printed).toContain("cited by operation listExports");
      expect(await readLock(repositoryAt(site.root), "acme")).toEqual(before);

      await site.command("accept", "acme");
      const after = await readLock(repositoryAt(site.root), "acme");
      expect(after.pages[`${site.origin}/docs/list`]?.sections).toEqual(
        before.pages[`${site.origin}/docs/list`]?.sections,
      );
    },
  );

  it("says that a page is moved and changed, both", async () => {
    await site.command("accept", "acme");
    site.pages["/docs/start"] = redirect(308, "/new/start");
    site.pages["/new/start"] = page(wiki.replace("5 calls", "3 calls"));
    expect(await site.command("check")).toBe(1);
    expect(site.printed).toContain(`it is at ${site.origin}/new/start now`);
    expect(site.printed).toContain("changed: GET /exports › Errors");
  });

  it("follows a page that is elsewhere for now, without a word", async () => {
    await site.command("accept", "acme");
    site.pages["/docs/list"] = redirect(302, "/tmp/list");
    site.pages["/tmp/list"] = page(moved);
    expect(await site.command("check")).toBe(0);
  });

  it("site.waits as Retry-After says, and asks again once", async () => {
    await site.command("accept", "acme");
    let times = 0;
    site.pages["/docs/list"] = (request, response) => {
      times += 1;
      (times === 1 ? reply(429, "x", { "retry-after": "7" }) : page(moved))(request, response);
    };
    expect(await site.command("check")).toBe(0);
    expect(site.waits).toContain(7000);
    expect(times).toBe(2);
  });

  it("does not have a page sent again that the server knows to be the same", async () => {
    site.pages["/docs/list"] = (request, response) => {
      if (request.headers["if-none-match"] === '"v1"') reply(304, "")(request, response);
      else
        reply(200, moved, { ...html, etag: '"v1"', "last-modified": "Mon, 02 Nov 2026 08:00:00 GMT" })(
          request,
          response,
        );
    };
    await site.command("accept", "acme");
    site.asked = [];
    expect(await site.command("check")).toBe(0);
    const headers = site.asked.find(({ path }) => path === "/docs/list")?.headers;
    expect(headers?.["if-none-match"]).toBe('"v1"');
    expect(headers?.["if-modified-since"]).toBe("Mon, 02 Nov 2026 08:00:00 GMT");
    expect(await site.command("accept", "acme")).toBe(0);
    expect(
      (await readLock(repositoryAt(site.root), "acme")).pages[`${site.origin}/docs/list`]?.sections,
    ).toEqual({
      Lists: expect.any(String),
    });
  });
});
