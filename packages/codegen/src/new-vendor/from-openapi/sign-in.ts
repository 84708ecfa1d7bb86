import { followReference } from "../../published/follow-reference.js";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "../../published/json-object.js";
import type { PublishedOperation } from "../../published/operations.js";
import type { Published } from "../../published/read-published.js";
import type { AuthKind } from "../options.js";
import { camelCaseOf } from "./identifiers.js";

/** A credential that every request carries. */
export interface Credential {
  readonly kind: AuthKind;
  /** The key of the security scheme, which is the name of the client's option. */
  readonly key: string;
  /** The header or query parameter of a key. */
  readonly carrier: string;
  /** The security scheme, as the spec has it. */
  readonly scheme: JsonObject;
  readonly scopes: readonly string[];
  /** What a person has to look at. */
  readonly remark?: string;
}

const ASK = "FILL IN where a user finds it.";

/** Reads how the operation that starts an export is signed in to. Undefined if the document does not say it. */
export function readSignIn(published: Published, { raw }: PublishedOperation): Credential[] | undefined {
  const schemes = objectOf(objectOf(published.root["components"])["securitySchemes"]);
  const alternatives = listOf(raw["security"] ?? published.root["security"])
    .filter(isObject)
    .filter((one) => Object.keys(one).length > 0);
  const found = alternatives
    .map((alternative) =>
      Object.entries(alternative).map(([name, scopes]) =>
        credentialOf(name, followReference(published, schemes[name]).value, listOf(scopes)),
      ),
    )
    .find((all) => all.every((one) => one !== undefined) && isTogether(all));
  return found ? withOwnKeys(found.filter((one) => one !== undefined)) : undefined;
}

/** The credential that `--auth` names. */
export function signInFor(kind: AuthKind): Credential[] {
  const raw: Readonly<Record<AuthKind, JsonObject>> = {
    bearer: { type: "http", scheme: "bearer" },
    basic: { type: "http", scheme: "basic" },
    header: { type: "apiKey", in: "header", name: "X-Api-Key" },
    query: { type: "apiKey", in: "query", name: "api_key" },
    oauth2: { type: "oauth2", flows: { clientCredentials: { tokenUrl: "/oauth/token", scopes: {} } } },
  };
  const credential = credentialOf("", raw[kind], []);
  const remark =
    kind === "header" || kind === "query"
      ? "FILL IN the name of the key, here and in exports.arazzo.yaml."
      : kind === "oauth2"
        ? "FILL IN the address that gives tokens, and the scopes."
        : undefined;
  return credential ? [{ ...credential, ...(remark === undefined ? {} : { remark }) }] : [];
}

/** An oauth2 scheme and a key in the query stand alone. */
function isTogether(all: readonly (Credential | undefined)[]): boolean {
  return all.length === 1 || all.every((one) => one?.kind !== "oauth2");
}

function credentialOf(name: string, raw: JsonObject, scopes: readonly unknown[]): Credential | undefined {
  const type = textOf(raw["type"]);
  const scheme = textOf(raw["scheme"])?.toLowerCase();
  if (type === "http" && scheme === "basic")
    return {
      kind: "basic",
      key: "login",
      carrier: "",
      scheme: { type, scheme, "x-account": true, description: "FILL IN which user this is." },
      scopes: [],
    };
  if (type === "apiKey") {
    const place = textOf(raw["in"]);
    const carrier = textOf(raw["name"]) ?? "X-Api-Key";
    if (place === "header" && carrier.toLowerCase() === "authorization")
      return {
        ...bearer(),
        remark:
          "FILL IN: the document has a key in Authorization, and does not say what stands before it. Here it is Bearer.",
      };
    if (place !== "header" && place !== "query") return undefined;
    return {
      kind: place,
      key: camelCaseOf(name) ?? "apiKey",
      carrier,
      scheme: { type, in: place, name: carrier, description: ASK },
      scopes: [],
    };
  }
  if (type === "oauth2") return oauth2(raw, scopes);
  if (type === "openIdConnect" || (type === "http" && scheme === "bearer")) return bearer();
  return undefined;
}

function bearer(): Credential {
  return {
    kind: "bearer",
    key: "token",
    carrier: "authorization",
    scheme: { type: "http", scheme: "bearer", description: ASK },
    scopes: [],
  };
}

function oauth2(raw: JsonObject, asked: readonly unknown[]): Credential {
  const flows = objectOf(raw["flows"]);
  const own = objectOf(flows["clientCredentials"]);
  const person = objectOf(flows["authorizationCode"]);
  const scopes = asked.filter((scope): scope is string => typeof scope === "string");
  const declared = Object.fromEntries(scopes.map((scope) => [scope, "FILL IN what it is for."]));
  const base = { kind: "oauth2", key: "token", carrier: "authorization", scopes } as const;
  const description = "FILL IN where a user finds the id of a client.";
  if (isObject(flows["clientCredentials"]) || !isObject(flows["authorizationCode"])) {
    const tokenUrl = tokenAddress(own["tokenUrl"]);
    if (!isObject(flows["clientCredentials"]))
      return {
        ...bearer(),
        remark: "FILL IN: the document has a sign-in by a person only, so the client takes a token.",
      };
    return {
      ...base,
      scheme: {
        type: "oauth2",
        description,
        flows: { clientCredentials: { tokenUrl: tokenUrl ?? "/oauth/token", scopes: declared } },
      },
      ...(tokenUrl === undefined ? { remark: "FILL IN the address that gives tokens." } : {}),
    };
  }
  const refreshUrl = tokenAddress(person["refreshUrl"]);
  const tokenUrl = tokenAddress(person["tokenUrl"]) ?? "/oauth/token";
  return {
    ...base,
    scheme: {
      type: "oauth2",
      description,
      flows: {
        authorizationCode: {
          authorizationUrl: textOf(person["authorizationUrl"]) ?? "FILL IN",
          tokenUrl,
          refreshUrl: refreshUrl ?? tokenUrl,
          scopes: declared,
        },
      },
    },
    ...(refreshUrl === undefined
      ? { remark: "FILL IN the refreshUrl: the document has none, and here it is the tokenUrl." }
      : {}),
  };
}

/** An address of tokens as a spec can have it: with https or a path, without a query. */
function tokenAddress(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^(https:\/\/[^/?#]+)?\/[^?#]*$/.test(text) ? text : undefined;
}

/** Gives each credential a key of its own. A key that stands alone has the usual name. */
function withOwnKeys(all: readonly Credential[]): Credential[] {
  const keys = all.filter(({ kind }) => kind === "header" || kind === "query").length;
  const seen = new Set<string>();
  return all.map((one) => {
    let key = keys === 1 && (one.kind === "header" || one.kind === "query") ? "apiKey" : one.key;
    while (seen.has(key)) key += "2";
    seen.add(key);
    return { ...one, key };
  });
}
