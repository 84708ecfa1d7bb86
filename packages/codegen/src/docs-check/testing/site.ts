import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixtureSpecs, repositoryAt } from "../../testing/fixture-repository.js";
import { run } from "../run.js";
import { webSource } from "../source/web-source.js";

const fixtures = new URL("../fixtures/", import.meta.url);
/** A page of a vendor. */
export const wiki: string = await readFile(new URL("wiki.html", fixtures), "utf8");
/** The same words in another layout. */
export const relayout: string = await readFile(new URL("wiki-relayout.html", fixtures), "utf8");
/** The headers of a page. */
export const html = { "content-type": "text/html; charset=utf-8" };

/** Answers a request for a page. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A request that the site got. */
interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

/** A vendor's site on loopback, and a repository whose spec cites its pages. */
export class Site {
  /** The pages, by path. */
  readonly pages: Record<string, Handler> = {
    "/": page("<h1>Acme</h1><p>Sells everything.</p>"),
    "/robots.txt": reply(404, "none"),
    "/docs": page("<h1>Acme</h1><p>Orders of shops: POST /shops/&lt;shop&gt;/exports</p>"),
    "/docs/start": page(wiki),
    "/docs/list": page("<h1>Lists</h1><p>The same always: GET /exports</p>"),
    "/docs/file": page("<h1>Files</h1><p>The same always: GET /exports/{id}/file</p>"),
  };
  asked: Asked[] = [];
  /** The waits of the commands, in milliseconds. */
  waits: number[] = [];
  /** The answers to the questions that the commands ask, and the questions. */
  answers: boolean[] = [];
  questions = 0;
  /** The most requests that were open at once. */
  mostOpen = 0;
  /** What the last command printed, without colours. */
  printed = "";
  origin = "";
  root = "";
  #open = 0;
  readonly #server: Server = createServer((request, response) => {
    const path = request.url ?? "";
    this.asked.push({ path, headers: request.headers });
    this.#open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.#open);
    response.on("close", () => {
      this.#open -= 1;
    });
    (this.pages[path] ?? reply(404, "no such page"))(request, response);
  });

  /** Starts the server, and writes the repository. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on a port
    this.root = await mkdtemp(join(tmpdir(), "outhaul-docs-"));
    await cp(join(fixtureSpecs, "acme"), join(this.root, "specs/acme"), { recursive: true });
    for (const file of ["openapi.yaml", "exports.arazzo.yaml"])
      await this.edit(file, (text) => text.replaceAll("https://acme.example", this.origin));
  }

  /** Runs a command about the pages. @returns its exit code */
  async command(...args: string[]): Promise<number> {
    const lines: string[] = [];
    let clock = 0;
    const web = webSource({
      wait: async (ms) => {
        this.waits.push(ms);
        clock += ms;
      },
      now: () => clock,
      timeoutMs: 500,
      maxBytes: 200_000,
    });
    const print = (line: string): void => void lines.push(line);
    const exitCode = await run(repositoryAt(this.root), args, {
      print,
      web,
      today: "2026-11-26",
      ask: async () => {
        this.questions += 1;
        return this.answers.shift() ?? true;
      },
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    this.printed = lines.join("\n").replace(/\x1b\[\d+m/g, "");
    return exitCode;
  }

  /** Edits a file of the spec. */
  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.root, "specs/acme", file);
    await writeFile(path, change(await readFile(path, "utf8")));
  }

  /** Stops the server, and removes the repository. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.root, { recursive: true });
  }
}

/** Opens a site for one test. */
export async function openSite(): Promise<Site> {
  const site = new Site();
  await site.open();
  return site;
}

/** A handler that always gives the same reply. */
export function reply(status: number, body: string, headers: Record<string, string> = {}): Handler {
  return (_, response) => void response.writeHead(status, headers).end(status === 304 ? undefined : body);
}

/** A handler that gives a page of HTML. */
export function page(text: string): Handler {
  return reply(200, text, html);
}

/** A handler that leads to another address. */
export function redirect(status: number, location: string): Handler {
  return reply(status, "", { location });
}
