import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixtureSpecs, repositoryAt } from "../testing/fixture-repository.js";
import { readLock } from "./lock/lock.js";
import { run } from "./run.js";
import { fileNameOf } from "./source/folder-source.js";
import { webSource } from "./source/web-source.js";

const here = new URL("./", import.meta.url);
const wiki = await readFile(new URL("fixtures/wiki.html", here), "utf8");
const relayout = await readFile(new URL("fixtures/wiki-relayout.html", here), "utf8");
const html = { "content-type": "text/html; charset=utf-8" };

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The pages of a vendor, by path; those that no test speaks of say always the same. */
let pages: Record<string, Handler>;
let asked: { path: string; headers: IncomingMessage["headers"] }[];
let open: number;
let mostOpen: number;
let waits: number[];
let server: Server;
let origin: string;
let root: string;
let printed: string;

beforeEach(async () => {
  pages = {
    "/": page("<h1>Acme</h1><p>Sells everything.</p>"),
    "/robots.txt": reply(404, "none"),
    "/docs": page("<h1>Acme</h1><p>Orders of shops.</p>"),
    "/docs/start": page(wiki),
    "/docs/list": page("<h1>Lists</h1><p>The same always.</p>"),
    "/docs/file": page("<h1>Files</h1><p>The same always.</p>"),
  };
  asked = [];
  waits = [];
  open = 0;
  mostOpen = 0;
  server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push({ path, headers: request.headers });
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.on("close", () => {
      open -= 1;
    });
    (pages[path] ?? reply(404, "no such page"))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  root = await mkdtemp(join(tmpdir(), "outhaul-docs-"));
  await cp(join(fixtureSpecs, "acme"), join(root, "specs/acme"), { recursive: true });
  await edit("openapi.yaml", (text) => text.replaceAll("https://acme.example", origin));
  await edit("exports.arazzo.yaml", (text) => text.replaceAll("https://acme.example", origin));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true });
});

describe("docs:check", () => {
  it("says nothing of pages that are as they were read", async () => {
    expect(await command("accept", "acme")).toBe(0);
    expect(await command("check")).toBe(0);
    expect(printed).toBe("4 pages: 4 as read");
    expect(mostOpen).toBe(1);
  });

  it("tells which section changed, who cites it, which fields it speaks of, and how it differs", async () => {
    await command("accept", "acme");
    pages["/docs/start"] = page(wiki.replace("Optional list of texts", "Optional list of texts, at most 20"));
    expect(await command("check", "acme")).toBe(1);
    expect(printed).toContain(`changed ${origin}/docs/start (read 2026-11-26)`);
    expect(printed).toContain("cited by operation startOrderExport");
    expect(printed).toContain("changed: Request (speaks of startOrderExport.columns)");
    expect(printed).toContain("-| columns | Optional list of texts\n");
    expect(printed).toContain("+| columns | Optional list of texts, at most 20");
    expect(printed).toContain("4 pages: 3 as read, 1 changed");
  });

  it("tells the section without a diff when the last text is not here", async () => {
    await command("accept", "acme");
    await rm(join(root, ".cache"), { recursive: true });
    pages["/docs/start"] = page(wiki.replace("Required: <code>orders", "Required: <code>items"));
    expect(await command("check")).toBe(1);
    expect(printed).toContain("changed: Request (speaks of startOrderExport.columns, startOrderExport.kind");
    expect(printed).not.toContain("+++");
  });

  it("keeps the accepted text for the diff, however often a change is looked at", async () => {
    await command("accept", "acme");
    pages["/docs/start"] = page(wiki.replace("5 calls", "3 calls"));
    await command("check");
    await command("check");
    expect(printed).toContain("-429 - more than 5 calls in a second");
  });

  it("is silent about a new layout of the same words", async () => {
    await command("accept", "acme");
    pages["/docs/start"] = page(relayout);
    expect(await command("check")).toBe(0);
  });

  it("writes JSON for machines", async () => {
    await command("accept", "acme");
    pages["/docs/start"] = page(wiki.replace("<h3>Errors</h3>", "<h3>Faults</h3>"));
    pages["/docs/list"] = reply(404, "gone");
    expect(await command("check", "--json")).toBe(1);
    const { exitCode, pages: reports } = JSON.parse(printed);
    expect(exitCode).toBe(1);
    expect(reports).toHaveLength(4);
    expect(reports).toContainEqual(
      expect.objectContaining({
        vendor: "acme",
        url: `${origin}/docs/start`,
        state: "changed",
        citedBy: ["operation startOrderExport"],
        changes: [expect.objectContaining({ change: "renamed", section: "Faults", before: "Errors" })],
      }),
    );
    expect(reports).toContainEqual(
      expect.objectContaining({ url: `${origin}/docs/list`, state: "not-found" }),
    );
  });

  it("names pages whose words were never taken, and what to do", async () => {
    await writeFile(
      join(root, "specs/acme/docs.lock.json"),
      JSON.stringify({
        pages: Object.fromEntries(
          ["", "/start", "/list", "/file"].map((path) => [`${origin}/docs${path}`, { read: "2026-11-22" }]),
        ),
      }),
    );
    expect(await command("check")).toBe(2);
    expect(printed).toContain(
      `not taken ${origin}/docs/list: cited, but no digest was taken yet; read it, then npm run docs:accept acme`,
    );
    expect(printed).toContain("4 pages: 4 not taken yet");
  });

  const moved = `<html><body><h1>Lists</h1><p>The same always.</p></body></html>`;
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
      page("<div id=root></div><script src=/a.js></script>"),
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
      await command("accept", "acme");
      const before = await readLock(repositoryAt(root), "acme");
      pages["/docs/list"] = handler;
      pages["/new/list"] = page(moved);
      expect(await command("check")).toBe(exitCode);
      const own = printed.split("\n").filter((one) => one.includes(`${origin}/docs/list`));
      expect(own).toHaveLength(1);
      expect(own[0]).toMatch(new RegExp(`^${state} `));
      expect(own[0]).toContain(line);
      expect(printed).toContain("cited by operation listExports");
      expect(await readLock(repositoryAt(root), "acme")).toEqual(before);

      await command("accept", "acme");
      const after = await readLock(repositoryAt(root), "acme");
      expect(after.pages[`${origin}/docs/list`]?.sections).toEqual(
        before.pages[`${origin}/docs/list`]?.sections,
      );
    },
  );

  it("says that a page is moved and changed, both", async () => {
    await command("accept", "acme");
    pages["/docs/start"] = redirect(308, "/new/start");
    pages["/new/start"] = page(wiki.replace("5 calls", "3 calls"));
    expect(await command("check")).toBe(1);
    expect(printed).toContain(`it is at ${origin}/new/start now`);
    expect(printed).toContain("changed: Errors");
  });

  it("follows a page that is elsewhere for now, without a word", async () => {
    await command("accept", "acme");
    pages["/docs/list"] = redirect(302, "/tmp/list");
    pages["/tmp/list"] = page(moved);
    expect(await command("check")).toBe(0);
  });

  it("waits as Retry-After says, and asks again once", async () => {
    await command("accept", "acme");
    let times = 0;
    pages["/docs/list"] = (request, response) => {
      times += 1;
      (times === 1 ? reply(429, "x", { "retry-after": "7" }) : page(moved))(request, response);
    };
    expect(await command("check")).toBe(0);
    expect(waits).toContain(7000);
    expect(times).toBe(2);
  });

  it("does not have a page sent again that the server knows to be the same", async () => {
    pages["/docs/list"] = (request, response) => {
      if (request.headers["if-none-match"] === '"v1"') reply(304, "")(request, response);
      else
        reply(200, moved, { ...html, etag: '"v1"', "last-modified": "Mon, 02 Nov 2026 08:00:00 GMT" })(
          request,
          response,
        );
    };
    await command("accept", "acme");
    asked = [];
    expect(await command("check")).toBe(0);
    const headers = asked.find(({ path }) => path === "/docs/list")?.headers;
    expect(headers?.["if-none-match"]).toBe('"v1"');
    expect(headers?.["if-modified-since"]).toBe("Mon, 02 Nov 2026 08:00:00 GMT");
    expect(await command("accept", "acme")).toBe(0);
    expect((await readLock(repositoryAt(root), "acme")).pages[`${origin}/docs/list`]?.sections).toEqual({
      Lists: expect.any(String),
    });
  });
});

describe("robots.txt", () => {
  it("is asked once, and its delay is kept between the pages", async () => {
    pages["/robots.txt"] = reply(200, "User-agent: *\nCrawl-delay: 4\n", { "content-type": "text/plain" });
    await command("accept", "acme");
    expect(asked.filter(({ path }) => path === "/robots.txt")).toHaveLength(1);
    expect(waits.map((ms) => Math.round(ms / 100) / 10)).toEqual([4, 4, 4]);
  });

  it("is kept: what it forbids is not asked for", async () => {
    pages["/robots.txt"] = reply(200, "User-agent: *\nDisallow: /docs/list\n", {
      "content-type": "text/plain",
    });
    expect(await command("accept", "acme")).toBe(2);
    expect(printed).toContain(`robots ${origin}/docs/list may not be read by programs`);
    expect(asked.map(({ path }) => path)).not.toContain("/docs/list");
  });

  it("that cannot be had means that nothing is asked for", async () => {
    pages["/robots.txt"] = reply(503, "later");
    expect(await command("check")).toBe(2);
    expect(asked.map(({ path }) => path)).toEqual(["/robots.txt"]);
    expect(printed).toContain("robots.txt answers 503");
  });

  it("without one, a second lies between two requests", async () => {
    await command("accept", "acme");
    expect(waits.map((ms) => Math.round(ms / 100) / 10)).toEqual([1, 1, 1]);
  });
});

describe("docs:accept", () => {
  it("adds pages that are cited, and drops those that are not", async () => {
    await command("accept", "acme");
    await edit("openapi.yaml", (text) => text.replace(`${origin}/docs/list`, `${origin}/docs/lists`));
    expect(await command("fit")).toBe(1);
    expect(printed).toContain(
      `cited, not locked: ${origin}/docs/lists, cited by operation listExports, is not in specs/acme/docs.lock.json`,
    );
    expect(printed).toContain(`locked, not cited: ${origin}/docs/list is in specs/acme/docs.lock.json`);
    expect(await command("accept", "acme")).toBe(2); // the new page answers 404
    expect(await command("fit")).toBe(0);
    const { pages: locked } = await readLock(repositoryAt(root), "acme");
    expect(locked[`${origin}/docs/lists`]).toEqual({ read: "2026-11-22" });
    expect(locked).not.toHaveProperty([`${origin}/docs/list`]);
  });

  it("takes a page of which nothing is left only when it is named", async () => {
    await command("accept", "acme");
    const before = await readLock(repositoryAt(root), "acme");
    pages["/docs/start"] = page(
      "<h1>Welcome to our new developer portal</h1><p>Everything is better now.</p>",
    );
    expect(await command("accept", "acme")).toBe(2);
    expect(printed).toContain("has nothing of what it was on 2026-11-26");
    expect(await readLock(repositoryAt(root), "acme")).toEqual(before);
    expect(await command("accept", "acme", `${origin}/docs/start`)).toBe(0);
    expect(
      (await readLock(repositoryAt(root), "acme")).pages[`${origin}/docs/start`]?.sections,
    ).toHaveProperty(["Welcome to our new developer portal"]);
  });

  it("refuses a page that nothing cites, a vendor that there is not, and none", async () => {
    expect(await command("accept", "acme", `${origin}/other`)).toBe(2);
    expect(printed).toContain(`Nothing in specs/acme cites ${origin}/other.`);
    expect(await command("accept", "acne")).toBe(2);
    expect(printed).toContain('There is no vendor "acne". There are: acme.');
    expect(await command("accept")).toBe(2);
    expect(printed).toContain("Which vendor?");
  });

  it("leaves a lock that it cannot read", async () => {
    await writeFile(join(root, "specs/acme/docs.lock.json"), "<<<<<<< HEAD");
    expect(await command("accept", "acme")).toBe(2);
    expect(printed).toContain("specs/acme/docs.lock.json is no JSON");
    expect(await readFile(join(root, "specs/acme/docs.lock.json"), "utf8")).toBe("<<<<<<< HEAD");
  });
});

describe("--from", () => {
  it("finds pages by their addresses, by pages.json, and by the browser's note", async () => {
    const from = join(root, "saved");
    await mkdir(from);
    await writeFile(join(from, `${fileNameOf(`${origin}/docs/start`)}.html`), wiki);
    await writeFile(join(from, "one.md"), "# Lists\nThe same always.");
    await writeFile(join(from, "pages.json"), JSON.stringify({ [`${origin}/docs/list`]: "one.md" }));
    await writeFile(
      join(from, "Files.htm"),
      `<!DOCTYPE html>\n<!-- saved from url=(0031)${origin}/docs/file -->\n<h1>Files</h1><p>x</p>`,
    );
    expect(await command("accept", "acme", "--from", from)).toBe(2);
    expect(asked).toEqual([]);
    expect(printed).toContain(`has no file ${fileNameOf(`${origin}/docs`)}.html`);
    expect(printed).toContain("3 taken, 0 as before, 0 dropped, 1 could not be read");
    await writeFile(join(from, `${fileNameOf(`${origin}/docs`)}.txt`), "Acme");
    await command("accept", "acme", "--from", from);
    expect(await command("check", "--from", from)).toBe(0);
    await writeFile(join(from, "one.md"), "# Lists\nThe same never.");
    expect(await command("check", "--from", from)).toBe(1);
  });

  it("says what is wrong with the folder", async () => {
    expect(await command("check", "--from", join(root, "nowhere"))).toBe(2);
    expect(printed).toContain("There is no folder");
    await writeFile(join(root, "pages.json"), "[1]");
    expect(await command("check", "--from", root)).toBe(2);
    expect(printed).toContain("pages.json has to hold");
    expect(await command("check", "--form", root)).toBe(2);
    expect(printed).toContain("Unknown option '--form'");
  });
});

async function command(...args: string[]): Promise<number> {
  const lines: string[] = [];
  let clock = 0;
  const web = webSource({
    wait: async (ms) => {
      waits.push(ms);
      clock += ms;
    },
    now: () => clock,
    timeoutMs: 150,
    maxBytes: 200_000,
  });
  const exitCode = await run(repositoryAt(root), args, {
    print: (line) => lines.push(line),
    web,
    today: "2026-11-26",
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
  printed = lines.join("\n").replace(/\x1b\[\d+m/g, "");
  return exitCode;
}

function reply(status: number, body: string, headers: Record<string, string> = {}): Handler {
  return (_, response) => void response.writeHead(status, headers).end(status === 304 ? undefined : body);
}

function page(text: string): Handler {
  return reply(200, text, html);
}

function redirect(status: number, location: string): Handler {
  return reply(status, "", { location });
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(root, "specs/acme", file);
  await writeFile(path, change(await readFile(path, "utf8")));
}
