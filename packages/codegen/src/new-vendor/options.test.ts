import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { repositoryAt } from "../testing/fixture-repository.js";
import { newVendor } from "./run.js";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "outhaul-new-vendor-"));
  mkdirSync(join(root, "specs/acme"), { recursive: true });
  mkdirSync(join(root, "packages/shared"), { recursive: true });
});
afterAll(() => rmSync(root, { recursive: true }));

const good = [
  "globex",
  "--base-url",
  "https://api.globex.example",
  "--auth",
  "bearer",
  "--docs",
  "https://globex.example/docs",
];
/** The good arguments, with one of them replaced, or left out with what follows. */
const but = (word: string, by?: string): string[] => {
  const at = good.indexOf(word);
  if (word === "globex") return by === undefined ? good.slice(1) : [by, ...good.slice(1)];
  return [...good.slice(0, at), ...(by === undefined ? [] : [word, by]), ...good.slice(at + 2)];
};

it.each([
  ["no name", but("globex"), "The vendor's name is missing."],
  ["a second name", [...good, "initech"], 'One vendor at a time: what is "initech"?'],
  [
    "a name in capitals",
    but("globex", "Globex"),
    '"Globex" is no name of a vendor: use small letters, digits and single dashes, such as "acme".',
  ],
  [
    "a name that leads elsewhere",
    but("globex", "../x"),
    '"../x" is no name of a vendor: use small letters, digits and single dashes, such as "acme".',
  ],
  ["a vendor that is there", but("globex", "acme"), 'The name "acme" is taken: there is specs/acme.'],
  [
    "a package that is there",
    but("globex", "shared"),
    'The name "shared" is taken: there is packages/shared.',
  ],
  ["no auth", but("--auth"), "--auth is missing: bearer, header, query, basic or oauth2."],
  [
    "an unknown auth",
    but("--auth", "oauth"),
    "--auth oauth is not known: it is bearer, header, query, basic or oauth2.",
  ],
  ["no base URL", but("--base-url"), "--base-url is missing: an address that begins with https://."],
  ["no page", but("--docs"), "--docs is missing: an address that begins with https://."],
  ["no address", but("--docs", "globex"), "--docs globex is no address: it begins with https://."],
  [
    "an address without TLS",
    but("--base-url", "http://x.example"),
    "--base-url http://x.example is not https: credentials are not sent in the clear.",
  ],
  [
    "an address with a query",
    but("--base-url", "https://x.example/?a=1"),
    "--base-url https://x.example/?a=1 is more than a server and a path: leave out what follows, and write variables in the spec.",
  ],
  [
    "operations without a document",
    [...good, "--operations", "a,b"],
    "--operations names operations of a document: --openapi is missing.",
  ],
  [
    "a document without operations",
    [...good, "--openapi", "openapi.json"],
    '--operations names two or three operations of the document, with commas: start,poll,download. Each by its operationId, or as "POST /path".',
  ],
  [
    "a document that is not there",
    [...good, "--openapi", "missing.json", "--operations", "a,b"],
    "--openapi missing.json cannot be read: there is no such file, or it is a folder.",
  ],
  [
    "an address with credentials",
    but("--base-url", "https://a:b@x.example"),
    "--base-url holds credentials: leave them out.",
  ],
])("%s is told in one line, with exit code 2, and nothing is written", async (_, args, line) => {
  const said: string[] = [];
  const { code } = await newVendor(repositoryAt(root), args, new Date(0), (text) => said.push(text));
  expect({ code, said }).toEqual({ code: 2, said: [line] });
  expect(readdirSync(join(root, "specs"))).toEqual(["acme"]);
});

it("an unknown option is told, too", async () => {
  const said: string[] = [];
  const { code } = await newVendor(repositoryAt(root), [...good, "--force"], new Date(0), (text) =>
    said.push(text),
  );
  expect(code).toBe(2);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^Unknown option '--force'/);
});
