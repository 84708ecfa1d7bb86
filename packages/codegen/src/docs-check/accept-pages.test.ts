import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repositoryAt } from "../testing/fixture-repository.js";
import { readLock } from "./lock/lock.js";
import { fileNameOf } from "./source/folder-source.js";
import { openSite, page, reply, type Site, wiki } from "./testing/site.js";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

describe("robots.txt", () => {
  it("is site.asked once, and its delay is kept between the pages", async () => {
    site.pages["/robots.txt"] = reply(200, "User-agent: *\nCrawl-delay: 4\n", {
      "content-type": "text/plain",
    });
    await site.command("accept", "acme");
    expect(site.asked.filter(({ path }) => path === "/robots.txt")).toHaveLength(1);
    expect(site.waits.map((ms) => Math.round(ms / 100) / 10)).toEqual([4, 4, 4]);
  });

  it("is kept: what it forbids is not site.asked for", async () => {
    site.pages["/robots.txt"] = reply(200, "User-agent: *\nDisallow: /docs/list\n", {
      "content-type": "text/plain",
    });
    expect(await site.command("accept", "acme")).toBe(2);
    expect(site.printed).toContain(`robots ${site.origin}/docs/list may not be read by programs`);
    expect(site.asked.map(({ path }) => path)).not.toContain("/docs/list");
  });

  it("that cannot be had means that nothing is site.asked for", async () => {
    site.pages["/robots.txt"] = reply(503, "later");
    expect(await site.command("check")).toBe(2);
    expect(site.asked.map(({ path }) => path)).toEqual(["/robots.txt"]);
    expect(site.printed).toContain("robots.txt answers 503");
  });

  it("without one, a second lies between two requests", async () => {
    await site.command("accept", "acme");
    expect(site.waits.map((ms) => Math.round(ms / 100) / 10)).toEqual([1, 1, 1]);
  });
});

describe("docs:accept", () => {
  it("adds pages that are cited, and drops those that are not", async () => {
    await site.command("accept", "acme");
    await site.edit("openapi.yaml", (text) =>
      text.replace(`${site.origin}/docs/list`, `${site.origin}/docs/lists`),
    );
    expect(await site.command("fit")).toBe(1);
    expect(site.printed).toContain(
      `cited, not locked: ${site.origin}/docs/lists, cited by operation listExports, is not in specs/acme/docs.lock.json`,
    );
    expect(site.printed).toContain(
      `locked, not cited: ${site.origin}/docs/list is in specs/acme/docs.lock.json`,
    );
    expect(await site.command("accept", "acme")).toBe(2); // the new page answers 404
    expect(await site.command("fit")).toBe(0);
    const { pages: locked } = await readLock(repositoryAt(site.root), "acme");
    expect(locked[`${site.origin}/docs/lists`]).toEqual({ read: "2026-11-22" });
    expect(locked).not.toHaveProperty([`${site.origin}/docs/list`]);
  });

  it("takes a page of which nothing is left only when it is named", async () => {
    await site.command("accept", "acme");
    const before = await readLock(repositoryAt(site.root), "acme");
    site.pages["/docs/start"] = page(
      "<h1>Welcome to our new developer portal</h1><p>Everything is better now, and `columns` too.</p>",
    );
    expect(await site.command("accept", "acme")).toBe(2);
    expect(site.printed).toContain("has nothing of what it was on 2026-11-26");
    expect(await readLock(repositoryAt(site.root), "acme")).toEqual(before);
    expect(await site.command("accept", "acme", `${site.origin}/docs/start`)).toBe(0);
    expect(
      (await readLock(repositoryAt(site.root), "acme")).pages[`${site.origin}/docs/start`]?.sections,
    ).toHaveProperty(["Welcome to our new developer portal"]);
  });

  it("shows what a page is and what of the spec it names, and asks before it takes it", async () => {
    site.answers = [true, false];
    expect(await site.command("accept", "acme")).toBe(2);
    expect(site.questions).toBe(4);
    expect(site.printed).toContain(
      `${site.origin}/docs/start\n    "Order exports - Acme Wiki", 7 sections, 67 words; of the spec it names /shops/{shop}/exports, name, kind, columns, shop`,
    );
    expect(site.printed).toContain(
      "was not taken: nobody said yes; look at it, and pass --yes. Its entry is as it was.",
    );
    expect(site.printed).toContain("3 taken, 0 as before, 0 dropped, 1 not taken");
    const { pages } = await readLock(repositoryAt(site.root), "acme");
    expect(Object.values(pages).filter(({ sections }) => sections)).toHaveLength(3);

    site.questions = 0;
    expect(await site.command("accept", "acme", "--yes")).toBe(0);
    expect(site.questions).toBe(0);
  });

  it("asks nothing of a page that is as it was", async () => {
    await site.command("accept", "acme");
    site.questions = 0;
    await site.command("accept", "acme");
    expect(site.questions).toBe(0);
  });

  it.each([
    [
      "an app's first page",
      "<title>Acme Developers</title><h1>Build with Acme</h1><p>Everything that you need, in one place: name your plan.</p>",
    ],
    [
      "a challenge of a kind that nobody knows",
      "<title>Acme</title><p>Hold the button until the bar is full. Reference 8841.</p>",
    ],
    [
      "an error of a kind that nobody knows",
      "<title>Acme</title><h1>Hm.</h1><p>This did not work. Contact your administrator.</p>",
    ],
  ])("refuses %s, as it names nothing of the spec, unless it is forced", async (_, text) => {
    site.pages["/docs/list"] = page(text);
    expect(await site.command("accept", "acme", "--yes")).toBe(2);
    expect(site.printed).toMatch(
      /foreign \S+\/docs\/list \("Acme.*", \d sections?, \d+ words\) names nothing of operation listExports; look at it in a browser; if it is the right page, pass --force with its address/,
    );
    const locked = async () =>
      (await readLock(repositoryAt(site.root), "acme")).pages[`${site.origin}/docs/list`]?.sections;
    expect(await locked()).toBeUndefined();
    expect(await site.command("accept", "acme", `${site.origin}/docs/list`, "--yes", "--force")).toBe(0);
    expect(await locked()).toBeDefined();
  });

  it("refuses a page that nothing cites, a vendor that there is not, and none", async () => {
    expect(await site.command("accept", "acme", `${site.origin}/other`)).toBe(2);
    expect(site.printed).toContain(`Nothing in specs/acme cites ${site.origin}/other.`);
    expect(await site.command("accept", "acne")).toBe(2);
    expect(site.printed).toContain('There is no vendor "acne". There are: acme.');
    expect(await site.command("accept")).toBe(2);
    expect(site.printed).toContain("Which vendor?");
  });

  it("leaves a lock that it cannot read", async () => {
    await writeFile(join(site.root, "specs/acme/docs.lock.json"), "<<<<<<< HEAD");
    expect(await site.command("accept", "acme")).toBe(2);
    expect(site.printed).toContain("specs/acme/docs.lock.json is no JSON");
    expect(await readFile(join(site.root, "specs/acme/docs.lock.json"), "utf8")).toBe("<<<<<<< HEAD");
  });
});

describe("--from", () => {
  it("finds pages by their addresses, by pages.json, and by the browser's note", async () => {
    const from = join(site.root, "saved");
    await mkdir(from);
    await writeFile(join(from, `${fileNameOf(`${site.origin}/docs/start`)}.html`), wiki);
    await writeFile(join(from, "one.md"), "# Lists\nThe same always: GET /exports");
    await writeFile(join(from, "pages.json"), JSON.stringify({ [`${site.origin}/docs/list`]: "one.md" }));
    await writeFile(
      join(from, "Files.htm"),
      `<!DOCTYPE html>\n<!-- saved from url=(0031)${site.origin}/docs/file -->\n<h1>Files</h1><p>/exports/7/file</p>`,
    );
    expect(await site.command("accept", "acme", "--from", from)).toBe(2);
    expect(site.asked).toEqual([]);
    expect(site.printed).toContain(`has no file ${fileNameOf(`${site.origin}/docs`)}.html`);
    expect(site.printed).toContain("3 taken, 0 as before, 0 dropped, 1 not taken");
    await writeFile(join(from, `${fileNameOf(`${site.origin}/docs`)}.txt`), "Acme: GET /exports");
    await site.command("accept", "acme", "--from", from);
    expect(await site.command("check", "--from", from)).toBe(0);
    await writeFile(join(from, "one.md"), "# Lists\nThe same never: GET /exports");
    expect(await site.command("check", "--from", from)).toBe(1);
  });

  it("says what is wrong with the folder", async () => {
    expect(await site.command("check", "--from", join(site.root, "nowhere"))).toBe(2);
    expect(site.printed).toContain("There is no folder");
    await writeFile(join(site.root, "pages.json"), "[1]");
    expect(await site.command("check", "--from", site.root)).toBe(2);
    expect(site.printed).toContain("pages.json has to hold");
    expect(await site.command("check", "--form", site.root)).toBe(2);
    expect(site.printed).toContain("Unknown option '--form'");
  });
});
