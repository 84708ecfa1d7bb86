import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Repository } from "../config/repository.js";

/** How the command is used. */
export function usageOf({ config, command }: Repository): string {
  return `${command("new-vendor", "<name>", "--base-url URL --auth bearer|header|query|basic|oauth2 --docs URL")}
${command("new-vendor", "<name>", "--openapi FILE|URL --operations start,poll,download --docs URL")}

Writes ${config.specs}/<name>, and generates the package. The spec works at once; its comments say what to fill in.
  <name>      the folder's and the package's name: small letters, digits and single dashes
  --base-url  the address that the paths of the API follow, with https
  --auth      bearer: a token in Authorization; header: a key in a header of its own; query: a key in the query; basic: a user's name and password;
              oauth2: tokens that the client gets by itself
  --docs      the vendor's page on its exports
  --openapi   the vendor's own OpenAPI 3 document, in JSON or YAML: the spec begins with its operations, fields and words, and says how sure it is.
              --base-url and --auth are needed only where the document does not say them, and count more than what it says
  --operations  the operations that start an export, tell how far it is, and bring the file, by operationId or as "POST /path", with commas.
              Two, where the reply that tells how far it is also brings the file or its address`;
}

const AUTH_KINDS = ["bearer", "header", "query", "basic", "oauth2"] as const;
/** How a client authenticates, as `--auth` names it. */
export type AuthKind = (typeof AUTH_KINDS)[number];

/** The facts from which the first spec of a vendor is written. */
export interface NewVendor {
  readonly name: string;
  /** The base address of the API, without a slash at its end. Missing only where a document of the vendor's says it. */
  readonly baseUrl?: string;
  /** Missing only where a document of the vendor's says it. */
  readonly auth?: AuthKind;
  readonly docs: string;
  /** The date on which the page was read, such as 2026-11-22. */
  readonly read: string;
  /** The vendor's own OpenAPI document, as a file or an address. */
  readonly openapi?: string;
  /** The operations of that document: start, poll, download. */
  readonly operations: readonly string[];
}

/** The facts of a vendor that has no document of its own. */
export type Template = NewVendor & Required<Pick<NewVendor, "baseUrl" | "auth">>;

/**
 * Reads the arguments of the command.
 * @throws {Error} with one line that says what is wrong
 */
export function readOptions(args: readonly string[], repository: Repository, today: Date): NewVendor {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "base-url": { type: "string" },
      auth: { type: "string" },
      docs: { type: "string" },
      openapi: { type: "string" },
      operations: { type: "string" },
    },
  });
  const [name, ...more] = positionals;
  if (name === undefined) throw new Error("The vendor's name is missing.");
  if (more.length > 0) throw new Error(`One vendor at a time: what is "${more.join(" ")}"?`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    throw new Error(
      `"${name}" is no name of a vendor: use small letters, digits and single dashes, such as "acme".`,
    );
  const taken = [repository.specFolder(name), repository.packageFolder(name)].find((folder) =>
    existsSync(join(repository.root, folder)),
  );
  if (taken !== undefined) throw new Error(`The name "${name}" is taken: there is ${taken}.`);
  const { openapi } = values;
  const auth = authOf(values.auth, openapi !== undefined);
  const baseUrl = values["base-url"];
  return {
    name,
    ...(openapi !== undefined && baseUrl === undefined
      ? {}
      : { baseUrl: address("--base-url", baseUrl).replace(/\/+$/, "") }),
    ...(auth === undefined ? {} : { auth }),
    docs: address("--docs", values.docs),
    read: today.toISOString().slice(0, 10),
    ...(openapi === undefined ? {} : { openapi }),
    operations: operationsOf(openapi, values.operations),
  };
}

function authOf(given: string | undefined, isOptional: boolean): AuthKind | undefined {
  const auth = AUTH_KINDS.find((one) => one === given);
  if (auth !== undefined || (given === undefined && isOptional)) return auth;
  throw new Error(
    given === undefined
      ? "--auth is missing: bearer, header, query, basic or oauth2."
      : `--auth ${given} is not known: it is bearer, header, query, basic or oauth2.`,
  );
}

function operationsOf(openapi: string | undefined, given: string | undefined): string[] {
  if (openapi === undefined) {
    if (given === undefined) return [];
    throw new Error("--operations names operations of a document: --openapi is missing.");
  }
  const names = (given ?? "").split(",").map((name) => name.trim());
  if (names.length < 2 || names.length > 3 || names.includes(""))
    throw new Error(
      '--operations names two or three operations of the document, with commas: start,poll,download. Each by its operationId, or as "POST /path".',
    );
  return names;
}

function address(option: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`${option} is missing: an address that begins with https://.`);
  if (!URL.canParse(value)) throw new Error(`${option} ${value} is no address: it begins with https://.`);
  const url = new URL(value);
  if (url.protocol !== "https:")
    throw new Error(`${option} ${value} is not https: credentials are not sent in the clear.`);
  if (url.username !== "" || url.password !== "")
    throw new Error(`${option} holds credentials: leave them out.`);
  if (option === "--base-url" && (url.search !== "" || url.hash !== "" || /[{}]|%7b|%7d/i.test(value)))
    throw new Error(
      `${option} ${value} is more than a server and a path: leave out what follows, and write variables in the spec.`,
    );
  return url.href;
}
