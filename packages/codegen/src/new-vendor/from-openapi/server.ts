import { type JsonObject, listOf, objectOf, textOf } from "../../published/json-object.js";
import type { Published } from "../../published/read-published.js";
import { camelCaseOf } from "./identifiers.js";

/**
 * The server of a document, as a spec has it. Its variables become options of the client.
 * @param base an address that the document's own is relative to
 * @throws {Error} if the document does not say one with https
 */
export function readServer(published: Published, base?: string): JsonObject {
  const server = objectOf(listOf(published.root["servers"])[0]);
  const given = textOf(server["url"]);
  const missing = (why: string): Error =>
    new Error(`--base-url is missing: ${published.name} ${why}. Say the address that the paths follow.`);
  if (given === undefined) throw missing("names no server");
  const url = absolute(given, base);
  if (url === undefined)
    throw missing(`names the server ${given.slice(0, 100)}, which is no address with https`);
  const declared = objectOf(server["variables"]);
  const names = [...new Set([...url.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name))];
  const spelled = new Map(names.map((name, index) => [name, camelCaseOf(name) ?? `variable${index + 1}`]));
  const variables = Object.fromEntries(
    names.map((name) => [spelled.get(name) ?? name, variableOf(objectOf(declared[name]))]),
  );
  return {
    url: url
      .replace(/\{([^{}]+)\}/g, (_, name: string) => `{${spelled.get(name) ?? name}}`)
      .replace(/\/+$/, ""),
    ...(names.length > 0 ? { variables } : {}),
  };
}

function variableOf(raw: JsonObject): JsonObject {
  const known = listOf(raw["enum"]).filter((word): word is string => typeof word === "string" && word !== "");
  return {
    default: typeof raw["default"] === "string" ? raw["default"] : "sample",
    ...(known.length > 0 ? { enum: known } : {}),
    ...(typeof raw["default"] === "string" ? {} : { "x-required": true }),
    description: "FILL IN what it is.",
  };
}

/** The address with https, where it is one, or where the document's own address makes it one. */
function absolute(url: string, base: string | undefined): string | undefined {
  if (/^https:\/\/[^/?#]+[^?#]*$/.test(url)) return url;
  // Credentials are not sent in the clear: a server that is written with http is asked with https.
  if (/^http:\/\/[^/?#]+[^?#]*$/.test(url)) return url.replace(/^http:/, "https:");
  if (!url.startsWith("/") || base === undefined || !/^https:/.test(base)) return undefined;
  return url.startsWith("//") ? `https:${url}` : new URL(base).origin + url;
}
