/** A secret, or a function that gets it. The function is asked at the first request, and again after the vendor has answered 401. */
export type Credential = string | (() => string | Promise<string>);

/** One header that a vendor wants to know its caller by. */
export type AuthScheme = {
  /** The name of the client's option. */
  readonly option: string;
  /** The environment variable that examples take it from. */
  readonly env: string;
  /** Whether it tells one account from another, and is no secret. */
  readonly account?: true;
} & (
  | { readonly in: "bearer" }
  | { readonly in: "header"; readonly name: string }
  | { readonly in: "basicUser" }
  | { readonly in: "basicPassword" }
);

/** The credentials of a client. */
export interface Credentials {
  /** The schemes in use. */
  readonly schemes: readonly AuthScheme[];
  /** Whether asking again may give other ones. */
  readonly renewable: boolean;
  /** The headers; asks the functions at the first call, and again after {@link Credentials.renew}. */
  headers(): Record<string, string> | Promise<Record<string, string>>;
  /** Forgets them, unless others than the ones that were `used` are known by now. */
  renew(used?: Record<string, string>): void;
  /** The text without the credentials in it, and without the queries of URLs. */
  redact(text: string): string;
}

/** The query of a URL: a signed one is a key to what it leads to. */
const URL_QUERY = /(\bhttps?:\/\/[^\s"'<>?#]+)\?[^\s"'<>]+/g;
/** How many forms of secrets are remembered: those of the last few, where a function gives new ones again and again. */
const MAX_KNOWN = 100;

/**
 * Takes the credentials out of a client's options.
 * @throws {TypeError} naming the option that is missing, empty or no header value, and where an example takes it from
 */
export function readCredentials(
  createName: string,
  alternatives: readonly (readonly AuthScheme[])[],
  options: Readonly<Record<string, unknown>>,
): Credentials {
  const given = alternatives.filter((schemes) => schemes.some(({ option }) => options[option] !== undefined));
  if (given.length > 1) {
    throw new TypeError(`${createName}: give either ${alternatives.map(names).join(" or ")}, not both`);
  }
  const schemes = given[0] ?? alternatives[0] ?? [];
  for (const { option, env } of schemes) {
    const value = options[option];
    if (typeof value === "function") continue;
    const problem =
      typeof value === "string"
        ? headerProblem(value)
        : value === undefined
          ? "is missing"
          : "is neither a text nor a function";
    if (problem) {
      const other =
        alternatives.length > 1 && !given[0]
          ? ` (or use ${alternatives.slice(1).map(names).join(" or ")})`
          : "";
      throw new TypeError(
        `${createName}: the option "${option}" ${problem}. Give it, for example from process.env.${env}${other}`,
      );
    }
  }

  /** The last secrets, in every form that a text may repeat them in. */
  const known = new Set<string>();
  function remember(secret: string): string {
    if (secret.length <= 3) return secret;
    for (const form of formsOf(secret)) known.add(form);
    for (const oldest of known) {
      if (known.size <= MAX_KNOWN) break;
      known.delete(oldest);
    }
    return secret;
  }
  let current: Record<string, string> | Promise<Record<string, string>> | undefined;

  function build(values: string[]): Record<string, string> {
    const headers: Record<string, string> = {};
    let basicUser = "";
    schemes.forEach((scheme, index) => {
      const value = (values[index] ?? "").trim();
      const problem = headerProblem(value);
      if (problem)
        throw new TypeError(
          `${createName}: what the function of the option "${scheme.option}" gave ${problem}`,
        );
      if (!scheme.account) remember(value);
      if (scheme.in === "bearer") headers["authorization"] = `Bearer ${value}`;
      else if (scheme.in === "header") headers[scheme.name.toLowerCase()] = value;
      else if (scheme.in === "basicUser") basicUser = value;
      else headers["authorization"] = `Basic ${remember(base64(`${basicUser}:${value}`))}`;
    });
    return headers;
  }

  function ask(): Record<string, string> | Promise<Record<string, string>> {
    const values = schemes.map(({ option }) => {
      const value = options[option] as Credential; // looked at above
      return typeof value === "function" ? value() : value;
    });
    if (values.every((value) => typeof value === "string")) return build(values as string[]);
    return Promise.all(values).then(build);
  }

  return {
    schemes,
    renewable: schemes.some(({ option }) => typeof options[option] === "function"),
    headers() {
      if (current) return current;
      const asked = ask();
      current = asked;
      if (asked instanceof Promise) {
        const settle = (headers?: Record<string, string>) => {
          if (current === asked) current = headers;
        };
        asked.then(settle, () => settle());
      }
      return asked;
    },
    renew(used) {
      if (!used || used === current) current = undefined;
    },
    redact(text) {
      let clean = text.replace(URL_QUERY, "$1?***");
      for (const form of known) clean = clean.replaceAll(form, "***");
      return clean;
    },
  };
}

/** As it is, in a URL, in a form, in JSON, in base64 and in the base64 of URLs. The longest first: one may hold another. */
function formsOf(secret: string): string[] {
  const escaped = encodeURIComponent(secret);
  const coded = base64(secret).replace(/=+$/, "");
  const forms = [
    ...[secret, escaped, escaped.replace(/%\w\w/g, (code) => code.toLowerCase())],
    ...[escaped.replaceAll("%20", "+"), JSON.stringify(secret).slice(1, -1)],
    ...[coded, coded.replaceAll("+", "-").replaceAll("/", "_")],
  ];
  return forms.sort((a, b) => b.length - a.length);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
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
