import { toBase64 } from "../encoding/base64.js";
import { createRedaction, type Redaction } from "../http/redaction.js";

/** A secret, or a function that gets it. The function is asked at the first request, and again after the vendor has answered 401. */
export type Credential = string | (() => string | Promise<string>);

/** One header that a vendor wants to know its caller by. */
export type AuthScheme = {
  /** The name of the client's option. */
  readonly option: string;
  /** The environment variable that examples take it from. */
  readonly env: string;
  /** Set if it identifies the account, and is no secret. */
  readonly account?: true;
} & (
  | { readonly in: "bearer" }
  | { readonly in: "header"; readonly name: string }
  /** A field of the request for a token, or of the query of every request. */
  | { readonly in: "field"; readonly name: string }
  | { readonly in: "basicUser" }
  | { readonly in: "basicPassword" }
);

type AuthHeaders = Record<string, string>;
type Options = Readonly<Record<string, unknown>>;

/** The credentials of a client. */
export interface Credentials {
  /** The schemes in use. */
  readonly schemes: readonly AuthScheme[];
  /** True if asking again may give other ones. */
  readonly renewable: boolean;
  /** The headers; calls the user's functions at the first call, and again after {@link Credentials.renew}. */
  headers(): AuthHeaders | Promise<AuthHeaders>;
  /** Forgets the headers, unless they are newer than the ones that were `used`. */
  renew(used?: AuthHeaders): void;
  /** Puts credentials that are no headers into the requests that a `fetch` sends. */
  through?(fetch: typeof globalThis.fetch): typeof globalThis.fetch;
  /** The text without the credentials in it, and without the queries of URLs. */
  redact(text: string): string;
}

/**
 * Reads the credentials from a client's options.
 * @throws {TypeError} naming the option that is missing, empty or no header value, and where an example takes it from
 */
export function readCredentials(
  createName: string,
  alternatives: readonly (readonly AuthScheme[])[],
  options: Options,
): Credentials {
  const schemes = chooseSchemes(createName, alternatives, options);
  const redaction = createRedaction();
  const build = (values: string[]) => toHeaders(createName, schemes, values, redaction);
  let current: AuthHeaders | Promise<AuthHeaders> | undefined;

  function askUser(): AuthHeaders | Promise<AuthHeaders> {
    const values = schemes.map(({ option }) => {
      const value = options[option] as Credential; // checked by chooseSchemes
      return typeof value === "function" ? value() : value;
    });
    if (values.every((value) => typeof value === "string")) return build(values);
    return Promise.all(values).then(build);
  }

  return {
    schemes,
    renewable: schemes.some(({ option }) => typeof options[option] === "function"),
    headers() {
      if (current) return current;
      const headers = askUser();
      current = headers;
      if (headers instanceof Promise) {
        const settle = (value?: AuthHeaders) => {
          if (current === headers) current = value;
        };
        headers.then(settle, () => settle());
      }
      return headers;
    },
    renew(used) {
      if (!used || used === current) current = undefined;
    },
    redact: redaction.redact,
  };
}

/** The alternative that the options give, with every option checked. */
function chooseSchemes(
  createName: string,
  alternatives: readonly (readonly AuthScheme[])[],
  options: Options,
): readonly AuthScheme[] {
  const given = alternatives.filter((schemes) => schemes.some(({ option }) => options[option] !== undefined));
  if (given.length > 1)
    throw new TypeError(`${createName}: give either ${alternatives.map(names).join(" or ")}, not both`);
  const schemes = given[0] ?? alternatives[0] ?? [];
  for (const { option, env } of schemes) {
    const problem = optionProblem(options[option]);
    if (!problem) continue;
    const others = given[0] ? [] : alternatives.slice(1);
    const hint = others.length ? ` (or use ${others.map(names).join(" or ")})` : "";
    throw new TypeError(
      `${createName}: the option "${option}" ${problem}. Give it, for example from process.env.${env}${hint}`,
    );
  }
  return schemes;
}

function optionProblem(value: unknown): string | undefined {
  if (typeof value === "function") return undefined;
  if (typeof value === "string") return headerProblem(value);
  return value === undefined ? "is missing" : "is neither a text nor a function";
}

function toHeaders(
  createName: string,
  schemes: readonly AuthScheme[],
  values: string[],
  redaction: Redaction,
): AuthHeaders {
  const headers: AuthHeaders = {};
  let basicUser = "";
  schemes.forEach((scheme, index) => {
    const value = (values[index] ?? "").trim();
    const problem = headerProblem(value);
    if (problem)
      throw new TypeError(
        `${createName}: what the function of the option "${scheme.option}" gave ${problem}`,
      );
    if (!scheme.account) redaction.add(value);
    switch (scheme.in) {
      case "bearer":
        headers["authorization"] = `Bearer ${value}`;
        break;
      case "header":
      case "field":
        headers[scheme.name.toLowerCase()] = value;
        break;
      case "basicUser":
        basicUser = value;
        break;
      case "basicPassword":
        headers["authorization"] = `Basic ${redaction.add(toBase64(`${basicUser}:${value}`))}`;
    }
  });
  return headers;
}

function names(schemes: readonly AuthScheme[]): string {
  return schemes.map(({ option }) => `"${option}"`).join(", ");
}

function headerProblem(value: string): string | undefined {
  if (typeof value !== "string" || value.trim() === "") return "is empty";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]/.test(value.trim())
    ? "holds a line break or another character that no header may have"
    : undefined;
}
