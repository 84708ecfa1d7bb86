import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import pc from "picocolors";
import type { Repository } from "../config/repository.js";
import { readVendorNames } from "../load/vendor-names.js";
import { acceptPages, describe } from "./accept-pages.js";
import { checkPages, type PageReport } from "./check-pages.js";
import { lockFile } from "./lock/lock.js";
import { lockMismatches } from "./lock/lock-mismatches.js";
import { readPublishedLinks } from "./lock/published-links.js";
import { textCache } from "./lock/text-cache.js";
import { whatToDo } from "./page/fault.js";
import { type AcceptedPublished, acceptPublished } from "./published/accept-published.js";
import { checkPublished, type PublishedReport } from "./published/check-published.js";
import { publishedLinesOf, publishedSummaryOf } from "./published/report-published.js";
import { exitCodeOf, linesOf, summaryOf } from "./report.js";
import { shown } from "./shown.js";
import { folderSource } from "./source/folder-source.js";
import type { PageSource } from "./source/page-source.js";
import { webSource } from "./source/web-source.js";

type Part = "check" | "accept" | "fit";

function usageOf(part: Part, { config, command }: Repository): string {
  switch (part) {
    case "check":
      return `${command("docs-check", "[vendor…]", "[--from DIR | --json]")}

Reads every page that a spec cites, and says what is not as it was when the page was read: which section, which operations cite it,
which of their fields it speaks of, and how it differs where the last text is in ${config.docsCache}. Then it compares the spec with the
vendor's own OpenAPI documents that x-openapi names: operations, fields, required marks and words. What x-differs settles is not told. Writes no lock.
  --from DIR  reads saved pages: DIR/<address with _ for its signs>.html, or as DIR/pages.json says ({ "<address>": "<file>" });
              documents as .json or .yaml
  --json      prints the report for machines
Exit code: 0 nothing, 1 a page changed or moved, or a document differs, 2 none did, but one could not be looked at`;
    case "accept":
      return `${command("docs-accept", "<vendor> [address…]", "[--from DIR | --yes | --force]")}

Takes the pages as they are now into the vendor's lock, all or those named. It shows what each page is and what of the spec it names, and asks.
A page that cannot be read, or that names nothing of the spec, keeps its entry.
  --yes       takes them without asking
  --force     takes also pages that name nothing of the spec, or have nothing of what they were
  --from DIR  reads saved pages, as ${command("docs-check")} does
Exit code: 0 done, 2 a page could not be read`;
    case "fit":
      return `${command("check-docs")}

Checks that each vendor's lock holds just the pages that its spec cites.`;
  }
}

/** The output, pages and date that a command uses. Tests replace them. */
export interface Surroundings {
  readonly print: (line: string) => void;
  readonly web?: PageSource;
  readonly today?: string;
  /** Asks a person a question. */
  readonly ask?: (question: string) => Promise<boolean>;
}

/** Runs a command about the vendors' pages. @returns the exit code */
export async function run(
  repository: Repository,
  args: readonly string[],
  { print, web, today, ask = askOnTerminal }: Surroundings,
): Promise<number> {
  const [command, ...rest] = args;
  if (command !== "check" && command !== "accept" && command !== "fit")
    throw new Error(`no command ${command}`);
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: {
        from: { type: "string" },
        json: { type: "boolean" },
        yes: { type: "boolean" },
        force: { type: "boolean" },
        help: { type: "boolean" },
      },
      allowPositionals: true,
    });
    if (values.help) {
      print(usageOf(command, repository));
      return 0;
    }
    const all = readVendorNames(repository);
    const vendors = command === "accept" ? positionals.slice(0, 1) : positionals;
    const unknown = vendors.find((vendor) => !all.includes(vendor));
    if (unknown !== undefined)
      throw new Error(`There is no vendor "${unknown}". There are: ${all.join(", ")}.`);
    if (command === "fit") return await checkFit(repository, all, print);
    const source = values.from === undefined ? (web ?? webSource()) : await folderSource(values.from);
    if (command === "check")
      return await check(repository, vendors.length > 0 ? vendors : all, source, values.json ?? false, print);
    const [vendor, ...only] = positionals;
    if (vendor === undefined)
      throw new Error(`Which vendor? There are: ${all.join(", ")}.\n\n${usageOf("accept", repository)}`);
    return await accept(
      repository,
      vendor,
      {
        source,
        only,
        today: today ?? new Date().toISOString().slice(0, 10),
        force: values.force ?? false,
        ask: values.yes ? async () => true : ask,
      },
      print,
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    print(`${pc.red(error.message)}`);
    return 2;
  }
}

async function check(
  repository: Repository,
  vendors: readonly string[],
  source: PageSource,
  json: boolean,
  print: (line: string) => void,
): Promise<number> {
  const reports: PageReport[] = [];
  const onReport = (report: PageReport): void => {
    if (!json) for (const line of linesOf(report, repository)) print(line);
  };
  for (const vendor of vendors)
    reports.push(
      ...(await checkPages(repository, vendor, { source, cache: textCache(repository), onReport })),
    );
  const documents: PublishedReport[] = [];
  for (const vendor of vendors) documents.push(...(await checkPublished(repository, vendor, source)));
  if (!json) for (const line of documents.flatMap((one) => publishedLinesOf(one, repository))) print(line);
  const exitCode = exitCodeOf([...reports, ...documents]);
  if (json) print(JSON.stringify({ exitCode, pages: reports, openapi: documents }, null, 2));
  else {
    print(summaryOf(reports));
    if (documents.length > 0) print(publishedSummaryOf(documents));
  }
  return exitCode;
}

async function accept(
  repository: Repository,
  vendor: string,
  {
    ask,
    ...options
  }: {
    source: PageSource;
    only: readonly string[];
    today: string;
    force: boolean;
    ask: (question: string) => Promise<boolean>;
  },
  print: (line: string) => void,
): Promise<number> {
  const { links } = await readPublishedLinks(repository, vendor);
  const documents = links.map(({ url }) => url);
  const pages = options.only.filter((url) => !documents.includes(url));
  // Who names documents only takes no page.
  const isPageWanted = options.only.length === 0 || pages.length > 0;
  const results = !isPageWanted
    ? []
    : await acceptPages(repository, vendor, {
        ...options,
        only: pages,
        async confirm(page) {
          print(page.url);
          const some = page.found.slice(0, 8).join(", ");
          const more = page.found.length > 8 ? ` and ${page.found.length - 8} more` : "";
          print(`    ${shown(describe(page))}; of the spec it names ${some ? `${some}${more}` : "nothing"}`);
          return await ask("Take it?");
        },
        cache: textCache(repository),
        onAccepted({ url, done, fault, movedTo }) {
          if (fault)
            print(
              `${pc.yellow(fault.fault)} ${url} ${shown(fault.why)}; ${whatToDo[fault.fault]}. Its entry is as it was.`,
            );
          else if (done !== "same") print(`${done} ${url}`);
          if (movedTo !== undefined) print(`    it is at ${movedTo} now: renew x-docs`);
        },
      });
  const isDocumentWanted = options.only.length === 0 || pages.length < options.only.length;
  const taken = !isDocumentWanted
    ? []
    : await acceptDocuments(repository, vendor, documents, options, ask, print);
  const failed = [...results, ...taken].filter(({ fault }) => fault).length;
  const count = (done: string): number => [...results, ...taken].filter((one) => one.done === done).length;
  print(
    `${lockFile(repository, vendor)}: ${count("taken")} taken, ${count("same")} as before, ${count("dropped")} dropped, ${failed} not taken`,
  );
  if (count("taken") > 0)
    print(
      `Renew the read dates of their x-docs, and what the spec says, where the pages say something else.`,
    );
  return failed > 0 ? 2 : 0;
}

async function acceptDocuments(
  repository: Repository,
  vendor: string,
  documents: readonly string[],
  { source, today, only }: { source: PageSource; today: string; only: readonly string[] },
  ask: (question: string) => Promise<boolean>,
  print: (line: string) => void,
): Promise<AcceptedPublished[]> {
  const results = await acceptPublished(repository, vendor, {
    source,
    today,
    only: only.filter((url) => documents.includes(url)),
    async confirm(url, operations) {
      print(url);
      print(`    an OpenAPI document; of the spec it has ${operations.join(", ") || "nothing"}`);
      return await ask("Take it?");
    },
  });
  for (const { url, done, fault } of results)
    if (fault)
      print(
        `${pc.yellow(fault.fault)} ${url} ${shown(fault.why)}; ${whatToDo[fault.fault]}. Its entry is as it was.`,
      );
    else if (done !== "same") print(`${done} ${url}`);
  return results;
}

async function checkFit(
  repository: Repository,
  vendors: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  let failed = 0;
  for (const vendor of vendors) {
    const lines = await lockMismatches(repository, vendor);
    for (const line of lines) print(line);
    if (lines.length > 0) failed += 1;
  }
  print(`${vendors.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** Asks on the terminal. Where nobody can answer, the answer is no. */
async function askOnTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`    ${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
