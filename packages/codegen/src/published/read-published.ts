import { parse } from "yaml";
import { isObject, type JsonObject, textOf } from "./json-object.js";

/** A vendor's own OpenAPI 3.0 or 3.1 document. */
export interface Published {
  /** Where it comes from, as messages name it. */
  readonly name: string;
  readonly root: JsonObject;
}

/**
 * Reads a vendor's own OpenAPI document, from JSON or YAML.
 * @throws {Error} with one line that says what it is in place of such a document
 */
export function readPublished(name: string, text: string): Published {
  const root = parseText(name, text);
  const swagger = isObject(root) ? textOf(String(root["swagger"] ?? "")) : undefined;
  if (swagger !== undefined)
    throw new Error(
      `${name} is Swagger ${swagger}, the form before OpenAPI 3: convert it first (npx swagger2openapi <file> -o converted.json), and give the result.`,
    );
  const version = isObject(root) ? textOf(root["openapi"]) : undefined;
  if (!isObject(root) || version === undefined || !isObject(root["paths"]))
    throw new Error(
      `${name} is no OpenAPI document: it has no openapi and paths. Give the file or address that the vendor publishes, not a page about it.`,
    );
  if (!/^3\.[01]\./.test(version))
    throw new Error(`${name} is OpenAPI ${version.slice(0, 20)}; 3.0 and 3.1 can be read.`);
  return { name, root };
}

function parseText(name: string, text: string): unknown {
  try {
    return /^\s*\{/.test(text) ? JSON.parse(text) : parse(text, { uniqueKeys: false, logLevel: "error" });
  } catch (error) {
    throw new Error(`${name} is neither JSON nor YAML: it may be a page, or cut in the middle.`, {
      cause: error,
    });
  }
}
