// What the tests of pages in a browser share: a window whose noise is kept, what must hold, and the run of the cases.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launchChromium } from "./chromium.mjs";

const LIMIT_MS = 20_000;

/** Throws if a condition does not hold. */
export function must(condition, problem) {
  if (!condition) throw new Error(problem);
}

/** Throws if a value is not the wanted one. */
export function equal(got, wanted, what) {
  must(
    JSON.stringify(got) === JSON.stringify(wanted),
    `${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`,
  );
}

/** The folder of `--shots FOLDER`, where pictures go. */
export function shotsFolder() {
  const at = process.argv.indexOf("--shots");
  return at < 0 ? undefined : process.argv[at + 1];
}

/**
 * A browser for cases.
 * @param isOwn whether a request may be sent to an address
 * @param heard the kinds of messages of the console that count as noise; all without it
 */
export async function openBrowser({ isOwn, heard }) {
  const browser = await launchChromium();
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  /** What went wrong in any window: messages of the console, errors of scripts, broken policies, and requests to elsewhere. */
  const noise = [];
  return {
    noise,
    /** Opens a window, without an address. */
    async openTab(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const tab = await context.newPage();
      tab.setDefaultTimeout(LIMIT_MS);
      tab.on("console", (message) => {
        if (!heard || heard.includes(message.type())) noise.push(`${message.type()}: ${message.text()}`);
      });
      tab.on("pageerror", (error) => noise.push(error.message));
      tab.on("request", (request) => {
        if (!isOwn(request.url())) noise.push(`asked for ${request.url()}`);
      });
      return tab;
    },
    /** Breaks of rules for people who see, hear or type otherwise; contrast is one of them. @param selector the part that is looked at */
    async breaches(tab, selector = "html") {
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate(
        (selector) => globalThis.axe.run(document.querySelector(selector)),
        selector,
      );
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
      );
    },
    /** Runs the cases, each in windows of its own, and ends the browser. @returns how many passed and failed */
    async run(cases, before = () => {}) {
      let passed = 0;
      let failed = 0;
      for (const [name, runCase] of Object.entries(cases)) {
        const startedAt = Date.now();
        before();
        try {
          await runCase();
          equal(noise.splice(0), [], "what went wrong in the page");
          passed++;
          console.log(`ok     ${name}, in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
        } catch (error) {
          failed++;
          noise.splice(0);
          console.log(`FAILED ${name}: ${error.message}`);
        }
        for (const context of browser.contexts()) await context.close();
      }
      await browser.close();
      return { passed, failed };
    },
  };
}
