// `npm run test:site`: builds the site, and tries it in a real browser under a strict policy. `--shots FOLDER` takes pictures of it, for people to look at; `--built` takes the site as it is.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { equal, must, openBrowser, shotsFolder } from "../runtimes/browser/cases.mjs";
import { installFolder } from "../runtimes/install.mjs";
import { serveSite } from "./serve.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}site/dist/`;
const shots = shotsFolder();
const PAGES = [
  "",
  "getting-started.html",
  "how-it-works.html",
  "errors.html",
  "vendors/",
  "playground.html",
  "comparison.html",
];

if (!process.argv.includes("--built")) {
  const { status } = spawnSync(process.execPath, [`${root}site/build.mjs`], { stdio: "inherit" });
  if (status !== 0) {
    console.log("0 passed, 1 failed");
    process.exit(1);
  }
}
installFolder(`${root}runtimes/`);
if (shots) mkdirSync(shots, { recursive: true });

const server = await serveSite();
const browser = await openBrowser({
  isOwn: (url) => /^(data|blob):/.test(url) || url.startsWith(server.url),
  heard: ["error", "warning"],
});
// The parts that VitePress draws by itself are its own.
const breaches = (tab) => browser.breaches(tab, "#VPContent");

/** Opens a page of the site in a window. */
async function open(page, options) {
  const tab = await browser.openTab(options);
  await tab.goto(server.url + page);
  if (page.startsWith("playground")) await tab.locator("#run").waitFor();
  return tab;
}

const turnOn = (tab, fault) => tab.locator(`[data-fault="${fault}"]`).click();
const file = (tab) => tab.locator("#same", { hasText: "as at the vendor" }).waitFor();

/** All pages of a folder that is built. */
function pagesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"))
    .map((name) => join(folder, name));
}

const cases = {
  "every link of every page leads somewhere, and none of its parts is from elsewhere": async () => {
    const wrong = [];
    const pages = pagesIn(dist);
    const texts = new Map(pages.map((page) => [page, readFileSync(page, "utf8")]));
    for (const [page, text] of texts) {
      for (const [, attribute, link] of text.matchAll(/\s(href|src)="([^"]*)"/g)) {
        const address = link.replaceAll("&amp;", "&");
        if (/^https?:/.test(address)) {
          if (attribute === "src" || /<(link|script)[^>]*$/.test(text.slice(0, text.indexOf(link))))
            wrong.push(`${page}: takes ${address}`);
          continue;
        }
        if (/^(data|mailto|javascript):/.test(address)) continue;
        const [path, anchor] = address.split("#");
        const target =
          path === "" ? page : path.startsWith("/") ? join(dist, path) : join(dirname(page), path);
        const found = [target, `${target}.html`, join(target, "index.html")].find(
          (each) => existsSync(each) && statSync(each).isFile(),
        );
        if (!found) wrong.push(`${page}: ${address}`);
        else if (anchor && texts.has(found) && !page.includes("/api/")) {
          const id = decodeURIComponent(anchor);
          if (!texts.get(found).includes(`id="${id}"`)) wrong.push(`${page}: ${address}`);
        }
      }
    }
    must(pages.length > 50, `there are ${pages.length} pages`);
    equal(wrong.slice(0, 10), [], "wrong links");
  },
  "every export of every vendor runs in the page, and its file is the vendor's": async () => {
    const tab = await open("playground.html");
    let count = 0;
    for (const vendor of await tab.locator("#vendor option").evaluateAll((all) => all.map((o) => o.value))) {
      await tab.locator("#vendor").selectOption(vendor);
      const exports = await tab.locator("#workflow option").evaluateAll((all) => all.map((o) => o.value));
      for (const each of exports) {
        await tab.locator("#workflow").selectOption(each);
        await tab.locator("#run").click();
        await tab.locator("#file").waitFor({ state: "detached" });
        await file(tab);
        must((await tab.locator("#events li").count()) > 2, `${each} has too few events`);
        must((await tab.locator("#requests li").count()) > 3, `${each} has too few requests`);
        must((await tab.locator("#code").textContent()).includes(`.${each}(`), `the program lacks ${each}`);
        count++;
      }
    }
    must(count > 3, `only ${count} exports`);
  },
  "faults that are on happen, and the file comes all the same": async () => {
    const tab = await open("playground.html");
    for (const fault of ["cutConnection", "error-0", "dropped"]) await turnOn(tab, fault);
    await tab.locator("#run").click();
    await file(tab);
    const requests = await tab.locator("#requests").textContent();
    for (const fault of ["cutConnection", "error", "dropped"])
      must(requests.includes(fault), `no request met ${fault}: ${requests}`);
    must(/(gone on|begun anew):\s+[1-9]/.test(await tab.locator("#file").textContent()), "no second attempt");
    if (shots) await tab.screenshot({ path: `${shots}/playground-faults.png`, fullPage: true });
  },
  "an export without a file says its code, which leads to what to do": async () => {
    const tab = await open("playground.html");
    await turnOn(tab, "outcome");
    await tab.locator("#run").click();
    await tab.locator("#failure code", { hasText: /^[A-Z_]+$/ }).waitFor();
    const code = await tab.locator("#failure h2 code").textContent();
    await tab.getByRole("link", { name: "What to do" }).click();
    await tab.locator(`#${code.toLowerCase()}`).waitFor({ state: "attached" });
  },
  "a wrong request is refused by the vendor's own check": async () => {
    const tab = await open("playground.html");
    const field = tab.locator(".field :is(select, input, textarea)").first();
    const isChoice = await field.evaluate(({ tagName }) => tagName === "SELECT");
    await (isChoice ? field.selectOption("") : field.fill(""));
    await tab.locator("#run").click();
    await tab.locator("#failure").waitFor();
  },
  "an export is stopped": async () => {
    const tab = await open("playground.html");
    await turnOn(tab, "slowBody");
    await tab.locator("#size").selectOption("2000000");
    await tab.locator("#run").click();
    await tab.locator("#requests li").nth(2).waitFor();
    await tab.locator("#stop").click();
    await tab.locator('#state[data-state="stopped"]').waitFor();
  },
  "the keyboard is enough, and what has the focus is seen": async () => {
    const tab = await open("playground.html");
    const seen = [];
    await tab.locator("#vendor").focus();
    for (let presses = 0; presses < 60; presses++) {
      const now = await tab.evaluate(() => {
        const { activeElement: element } = document;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return {
          id: element.id || element.dataset.fault,
          isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1,
        };
      });
      seen.push(now.id);
      must(presses === 0 || now.isSeen, `the focus on ${now.id} is not seen`);
      if (now.id === "cutConnection") await tab.keyboard.press("Space");
      if (now.id === "run") break;
      await tab.keyboard.press("Tab");
    }
    must(seen.at(-1) === "run", `Tab never comes to Run, but to ${seen}`);
    equal(
      await tab.locator('[data-fault="cutConnection"]').getAttribute("aria-checked"),
      "true",
      "the switch",
    );
    await tab.keyboard.press("Enter");
    await file(tab);
  },
  "a window of 360 px has no scrolling to the side": async () => {
    for (const page of [...PAGES, "guides/nightly.html"]) {
      const tab = await open(page, { viewport: { width: 360, height: 740 } });
      equal(await tab.evaluate(() => document.scrollingElement.scrollWidth), 360, `the width of ${page}`);
      if (shots && page.startsWith("playground")) await tab.screenshot({ path: `${shots}/narrow.png` });
      await tab.context().close();
    }
  },
  "light and dark break no rule of accessibility, and differ": async () => {
    const vendor = readdirSync(`${dist}vendors`).find((name) => name !== "index.html");
    for (const page of [...PAGES, `vendors/${vendor}`]) {
      const colours = [];
      for (const colorScheme of ["light", "dark"]) {
        const tab = await open(page, { colorScheme, reducedMotion: "reduce" });
        if (page.startsWith("playground")) {
          await turnOn(tab, "html");
          await tab.locator("#run").click();
          await tab.locator("#failure").waitFor();
          await turnOn(tab, "html");
          await tab.locator("#run").click();
          await file(tab);
        }
        const name = page.replace(/\W+/g, "-").replace(/-(html)?$/, "") || "index";
        if (shots) await tab.screenshot({ path: `${shots}/${name}-${colorScheme}.png` });
        equal(await breaches(tab), [], `${page}, ${colorScheme}`);
        colours.push(await tab.evaluate(() => getComputedStyle(document.body).backgroundColor));
        await tab.context().close();
      }
      must(colours[0] !== colours[1], `both are ${colours[0]}`);
    }
  },
  "a search finds a code of an error": async () => {
    const tab = await open("getting-started.html");
    await tab.waitForLoadState("networkidle"); // the page's scripts are at work
    await tab.keyboard.press("Control+k");
    await tab.locator("#localsearch-input").waitFor();
    await tab.keyboard.type("CREATE_AMBIGUOUS");
    await tab
      .locator(".results a", { hasText: /Codes|Errors/ })
      .first()
      .waitFor();
  },
};

const { passed, failed } = await browser.run(cases);
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
