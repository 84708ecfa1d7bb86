// `npm run test:page`: the live page of the sandbox in a real browser, against what is built. `--shots FOLDER` takes pictures of it, for people to look at.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installFolder } from "../install.mjs";
import { equal, must, openBrowser, shotsFolder } from "./cases.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shots = shotsFolder();

installFolder(`${root}runtimes/`);
const { listen } = await import("@outhaul/sandbox/node");
const { openPage } = await import("@outhaul/sandbox/page");

const listening = await listen({ jobs: { polls: 3, sizeBytes: 20_000 } });
let live = await openPage(listening, { pollIntervalMs: 150 });
const { carma, ocamba } = listening.vendors;
const browser = await openBrowser({ isOwn: (url) => url.startsWith(live.url) || url.startsWith("data:") });
const { noise, breaches } = browser;

/** Opens the page in a window. */
async function open(options) {
  const tab = await browser.openTab(options);
  await tab.goto(live.url);
  await tab.locator("#connection[data-state=live]").waitFor();
  await tab.locator("#vendors label").first().waitFor();
  return tab;
}

const startExport = () =>
  fetch(`${carma.serverUrl}/batches/exports/statistics`, {
    method: "POST",
    headers: {
      "x-carma-authentication-token": carma.clientOptions.token,
      "content-type": "application/json",
    },
    body: JSON.stringify({ exportType: "OPENS", period: "TODAY" }),
  });
const rowOf = (tab, name) => tab.locator(`[data-switch="${name}"]`);
const isOn = (tab, name, word) => rowOf(tab, name).locator(`.switch[aria-checked="${word}"]`).waitFor();

/** A built file of the sandbox, and all that it imports at once. */
function loadedWith(file, seen = new Map()) {
  if (seen.has(file)) return seen;
  const text = readFileSync(new URL(`../../packages/sandbox/dist/${file}`, import.meta.url), "utf8");
  seen.set(file, text);
  for (const [, name] of text.matchAll(/^(?:import|export|\}) ?.*?from "\.\/([^"]+)"/gm))
    loadedWith(name, seen);
  for (const [, name] of text.matchAll(/^import "\.\/([^"]+)"/gm)) loadedWith(name, seen);
  return seen;
}

const cases = {
  "who imports the sandbox loads no page": () => {
    const hasPage = (file) =>
      [...loadedWith(file).values()].some((text) => text.includes("<title>Outhaul sandbox</title>"));
    equal(["index.js", "node.js", "page.js"].map(hasPage), [false, false, true], "what has the page");
  },
  "a fault that is switched on by a click changes what a client sees, once": async () => {
    const tab = await open();
    await tab.locator("#vendors label", { hasText: "carma" }).click();
    await rowOf(tab, "error-0").getByRole("switch").click();
    await isOn(tab, "error-0", "true");
    equal(await rowOf(tab, "error-0").locator(".left").textContent(), "1 left", "what is left");
    equal(listening.vendors.ongage.sandbox.faults(), [], "the faults of another vendor");
    const refused = await startExport();
    equal([refused.status, refused.headers.get("retry-after")], [429, "2"], "the first answer");
    await isOn(tab, "error-0", "false");
    equal((await startExport()).status, 200, "the second answer");
    await tab.locator("#requests .fault-tag", { hasText: "error" }).waitFor();
  },
  "a fault takes its values from its inputs, and is switched off by a click": async () => {
    const tab = await open();
    await tab.locator("#vendors label", { hasText: "carma" }).click();
    const row = rowOf(tab, "error");
    await row.getByRole("button", { name: "Options of Error" }).click();
    await row.getByLabel("Status code", { exact: true }).fill("503");
    await row.getByLabel("How many times").selectOption("always");
    await row.getByLabel("Part of the export").selectOption("start");
    await row.getByRole("switch").click();
    await isOn(tab, "error", "true");
    equal(await row.locator(".left").textContent(), "always", "what is left");
    equal(
      carma.sandbox.faults().map(({ fault }) => fault),
      [{ kind: "error", times: "always", status: 503, on: "start" }],
      "the fault",
    );
    equal([(await startExport()).status, (await startExport()).status], [503, 503], "the answers");
    await row.getByRole("switch").click();
    await isOn(tab, "error", "false");
    equal((await startExport()).status, 200, "the answer without it");
    await row.getByLabel("Status code", { exact: true }).fill("42");
    await row.getByRole("switch").click();
    await tab.locator("#faults-told", { hasText: "body/status must be >= 200" }).waitFor();
    noise.splice(0, noise.length, ...noise.filter((line) => !line.includes("status of 400"))); // the browser says it as well
  },
  "faults that others switch on are shown, at every vendor, and all are cleared": async () => {
    const tab = await open();
    listening.sandbox.fault({ kind: "slowBody", times: 3 });
    carma.sandbox.fault({ kind: "hang" });
    await rowOf(tab, "slowBody").locator(".left", { hasText: "3 left at every vendor" }).waitFor();
    await rowOf(tab, "hang").locator(".left", { hasText: "carma: 1 left" }).waitFor();
    equal(await tab.locator("#faults-count").textContent(), "2 on", "the count");
    await tab.getByRole("button", { name: "Clear all" }).click();
    await tab.locator("#faults-count", { hasText: "0 on" }).waitFor();
    equal(carma.sandbox.faults(), [], "the faults");
  },
  "an example export appears and moves through its states": async () => {
    const tab = await open();
    await tab.evaluate(() => {
      globalThis.states = [];
      new MutationObserver(() => {
        const word = document.querySelector("#exports .state")?.textContent;
        if (word && globalThis.states.at(-1) !== word) globalThis.states.push(word);
      }).observe(document.querySelector("#exports"), { subtree: true, childList: true, characterData: true });
    });
    await tab.locator("#workflow").selectOption("carma/examples/exportStatistics");
    await tab.getByRole("button", { name: "Start example" }).click();
    await tab.locator("#example[data-state=good]", { hasText: "the file has come: " }).waitFor();
    equal(await tab.evaluate(() => globalThis.states), ["queued", "running", "succeeded"], "the states");
    const [first] = await tab.locator("#requests tr").allTextContents();
    must(first.includes("(store)") && first.includes("200"), `the last request is ${first}`);
    if (shots) await tab.screenshot({ path: `${shots}/light.png` });
  },
  "the keyboard is enough, and what has the focus is seen": async () => {
    const tab = await open();
    const focused = () =>
      tab.evaluate(() => {
        const { activeElement: element } = document;
        if (element === document.body) return undefined;
        const seen = element.matches("[type=radio]") ? element.nextElementSibling : element;
        const { outlineStyle, outlineWidth } = getComputedStyle(seen);
        const { width, height } = seen.getBoundingClientRect();
        return {
          name: element.getAttribute("aria-labelledby") ?? element.id ?? element.tagName,
          isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && width > 4 && height > 4,
        };
      });
    const names = [];
    const tabTo = async (name) => {
      for (let presses = 0; presses < 80; presses++) {
        await tab.keyboard.press("Tab");
        const now = await focused();
        if (!now) continue;
        names.push(now.name);
        must(now.isSeen, `the focus on ${now.name} is not seen`);
        if (now.name === name) return;
      }
      throw new Error(`Tab never comes to ${name}, but to ${names}`);
    };
    await tabTo("vendor-");
    await tab.keyboard.press("ArrowRight");
    equal((await focused()).name, "vendor-carma", "the choice by an arrow");
    equal(
      await tab.locator("#workflow option").allTextContents(),
      ["carma exportStatistics"],
      "the examples",
    );
    await tabTo("workflow");
    await tab.keyboard.press("Enter"); // opens the list, or sends the form, by browser and system
    await tab.keyboard.press("Escape");
    await tab.keyboard.press("Tab");
    await tab.keyboard.press("Enter");
    await tab.locator("#example[data-state=good]", { hasText: "carma exportStatistics: " }).waitFor();
    await tabTo("copy");
    await tabTo("title-html");
    await tab.keyboard.press("Space");
    await isOn(tab, "html", "true");
    await tab.keyboard.press("Space");
    await isOn(tab, "html", "false");
    await tab.keyboard.press("Shift+Tab");
    await tab.keyboard.press("Enter");
    await rowOf(tab, "html").locator(".fields").waitFor();
    equal(names.filter((name) => name.startsWith("title-")).length > 9, true, "the switches on the way");
  },
  "a window of 360 px has no scrolling to the side, with all that opens open": async () => {
    const tab = await open({ viewport: { width: 360, height: 740 } });
    for (const button of await tab.locator(".more").all()) await button.click();
    await rowOf(tab, "error-0").getByRole("switch").click();
    await isOn(tab, "error-0", "true");
    const wide = await tab.evaluate(() =>
      [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
        .filter((element) => !element.closest(".hidden, svg"))
        .map((element) => element.id || element.className || element.tagName),
    );
    equal(wide, [], "what is too wide");
    equal(await tab.evaluate(() => document.scrollingElement.scrollWidth), 360, "the width");
    await tab.getByRole("button", { name: "Clear all" }).click();
    await isOn(tab, "error-0", "false");
    if (shots) await tab.screenshot({ path: `${shots}/narrow.png` });
  },
  "light and dark break no rule of accessibility, and differ": async () => {
    const colours = [];
    for (const colorScheme of ["light", "dark"]) {
      const tab = await open({ colorScheme, reducedMotion: "reduce" });
      for (const name of ["headers", "error"]) await rowOf(tab, name).locator(".more").click();
      await rowOf(tab, "slowBody").getByRole("switch").click();
      await isOn(tab, "slowBody", "true");
      equal(await breaches(tab), [], colorScheme);
      colours.push(await tab.evaluate(() => getComputedStyle(document.body).backgroundColor));
      if (shots) await tab.screenshot({ path: `${shots}/${colorScheme}-full.png`, fullPage: true });
      await rowOf(tab, "slowBody").getByRole("switch").click();
      await isOn(tab, "slowBody", "false");
    }
    must(colours[0] !== colours[1], `both are ${colours[0]}`);
  },
  "nothing moves for those who want it so": async () => {
    const moving = async (reducedMotion) => {
      const tab = await open({ reducedMotion });
      await startExport();
      await tab.locator("#requests tr").first().waitFor();
      return tab.evaluate(() => {
        const row = document.querySelector("#requests tr");
        row.classList.add("new");
        const knob = getComputedStyle(document.querySelector(".switch"), "::before");
        return [getComputedStyle(row).animationName, knob.transitionDuration];
      });
    };
    equal(await moving("reduce"), ["none", "0s"], "with less motion");
    equal(await moving("no-preference"), ["come", "0.15s"], "without");
  },
  "the lines of the environment are copied": async () => {
    const tab = await open({ permissions: ["clipboard-read", "clipboard-write"] });
    await tab.locator("#vendors label", { hasText: "carma" }).click();
    await tab.locator("#copy").click();
    await tab.locator("#copy", { hasText: "Copied" }).waitFor();
    const text = await tab.evaluate(() => navigator.clipboard.readText());
    must(text.startsWith(`export OUTHAUL_CARMA_BASE_URL='${carma.baseUrl}'\n`), `copied ${text}`);
    equal(text.trim().split("\n").length, Object.keys(carma.clientOptions).length, "the lines");
  },
  "what a request says is shown as text, and never as a part of the page": async () => {
    const tab = await open();
    const name = `<img src=x onerror=document.title='bad'>`;
    await fetch(`${ocamba.baseUrl}/v1/hood/quick-reports/1/export`, {
      method: "POST",
      headers: { authorization: `Bearer ${ocamba.clientOptions.token}`, "content-type": "application/json" },
      body: JSON.stringify({ name, fields: "email" }),
    });
    await tab.locator("#exports code", { hasText: name }).waitFor();
    equal(await tab.locator("main img").count(), 0, "the images");
    equal(await tab.title(), "Outhaul sandbox", "the title");
  },
  "the policy stops what is not the page's own": async () => {
    const tab = await open();
    const stopped = await tab.evaluate(async () => {
      const seen = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
        seen.push(effectiveDirective),
      );
      await fetch("https://example.com/").catch(() => {});
      const script = document.createElement("script");
      try {
        script.textContent = "document.title = 'bad'";
      } catch {
        seen.push("trusted types");
      }
      document.body.append(script);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return [...new Set(seen)].sort();
    });
    must(stopped.includes("connect-src") && stopped.includes("trusted types"), `stopped ${stopped}`);
    equal(await tab.title(), "Outhaul sandbox", "the title");
    noise.splice(0, noise.length, ...noise.filter((line) => !/example\.com|TrustedScript/.test(line))); // made here
  },
  "the log keeps the latest requests, and no more": async () => {
    const tab = await open();
    for (let count = 0; count < 40; count++)
      await Promise.all(Array.from({ length: 10 }, () => fetch(`${carma.baseUrl}/nothing`)));
    await tab.locator("#requests-count", { hasText: "300" }).waitFor();
    const last = `${carma.sandbox.requests(1)[0].number}`;
    must(last > 300, `only ${last} requests came`);
    equal(await tab.locator("#requests tr").count(), 300, "the rows");
    await tab.getByRole("button", { name: "Forget all" }).click();
    await tab.locator("#no-requests").waitFor();
    equal(await tab.locator("#requests tr").count(), 0, "the rows after it");
  },
  "a sandbox that is gone is told, and so is one that is there again": async () => {
    const tab = await open();
    const port = Number(new URL(live.url).port);
    await live.close();
    await tab.locator("#gone", { hasText: "The sandbox is gone." }).waitFor();
    await tab.getByRole("button", { name: "Start example" }).click();
    await tab.locator("#example", { hasText: "the sandbox is gone" }).waitFor();
    if (shots) await tab.screenshot({ path: `${shots}/gone.png` });
    live = await openPage(listening, { port, pollIntervalMs: 150 });
    await tab.locator("#connection[data-state=live]").waitFor();
    await tab.locator("#gone").waitFor({ state: "hidden" });
    carma.sandbox.fault({ kind: "dropped" });
    await isOn(tab, "dropped", "true");
    carma.sandbox.clearFaults();
    noise.splice(0, noise.length, ...noise.filter((line) => !/ERR_(INCOMPLETE|CONNECTION)/.test(line))); // it was gone
  },
};

const { passed, failed } = await browser.run(cases, () => listening.sandbox.reset());
await live.close();
await listening.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
