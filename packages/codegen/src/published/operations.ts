import { followReference } from "./follow-reference.js";
import { isObject, type JsonObject, listOf, objectOf, textOf } from "./json-object.js";
import type { Published } from "./read-published.js";

/** An operation of a vendor's own document, with the references of its parts followed. */
export interface PublishedOperation {
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly id?: string;
  readonly parameters: readonly JsonObject[];
  /** The media types of the request's body. */
  readonly bodies: readonly PublishedBody[];
  readonly isBodyRequired: boolean;
  readonly replies: readonly PublishedReply[];
  /** The operation as it stands in the document. */
  readonly raw: JsonObject;
}

/** A documented reply. */
export interface PublishedReply {
  /** A code, a range such as `4XX`, or `default`. */
  readonly status: string;
  readonly bodies: readonly PublishedBody[];
}

/** A body of one media type. */
export interface PublishedBody {
  readonly contentType: string;
  readonly schema: unknown;
  /** The values of its examples. */
  readonly examples: readonly unknown[];
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** All operations of a document, in its order. */
export function publishedOperations(published: Published): PublishedOperation[] {
  return Object.entries(objectOf(published.root["paths"])).flatMap(([path, given]) => {
    const item = followReference(published, given).value;
    return METHODS.filter((method) => isObject(item[method])).map((method) =>
      readOperation(published, path, method, item),
    );
  });
}

/**
 * Finds the operation that a user names by its operationId, or as `POST /path`.
 * @throws {Error} if there is none, with the names that there are
 */
export function findPublished(published: Published, wanted: string): PublishedOperation {
  const all = publishedOperations(published);
  const [method = "", path = ""] = wanted.split(/\s+/, 2);
  const found =
    all.find(({ id }) => id === wanted) ??
    all.find((one) => one.method === method.toUpperCase() && one.path === path);
  if (found) return found;
  const names = all.map((one) => one.id ?? `"${one.method} ${one.path}"`);
  const more = names.length > 20 ? ` and ${names.length - 20} more` : "";
  throw new Error(
    `${published.name} has no operation ${wanted}. Name one by its operationId, or as "POST /path": ${names.slice(0, 20).join(", ")}${more}.`,
  );
}

function readOperation(
  published: Published,
  path: string,
  method: string,
  item: JsonObject,
): PublishedOperation {
  const raw = objectOf(item[method]);
  const id = textOf(raw["operationId"]);
  const parameters = new Map(
    [...listOf(item["parameters"]), ...listOf(raw["parameters"])].map((given) => {
      const { value } = followReference(published, given);
      return [`${value["in"]} ${value["name"]}`, value];
    }),
  );
  const body = followReference(published, raw["requestBody"]).value;
  return {
    method: method.toUpperCase(),
    path,
    ...(id === undefined ? {} : { id }),
    parameters: [...parameters.values()].filter(({ name }) => textOf(name) !== undefined),
    bodies: bodiesOf(published, body),
    isBodyRequired: body["required"] === true,
    replies: Object.entries(objectOf(raw["responses"])).map(([status, reply]) => ({
      status,
      bodies: bodiesOf(published, followReference(published, reply).value),
    })),
    raw,
  };
}

function bodiesOf(published: Published, content: JsonObject): PublishedBody[] {
  return Object.entries(objectOf(content["content"])).map(([contentType, given]) => {
    const media = objectOf(given);
    const named = Object.values(objectOf(media["examples"])).map(
      (example) => followReference(published, example).value["value"],
    );
    return {
      contentType,
      schema: media["schema"],
      examples: [...named, media["example"]].filter((value) => value !== undefined && value !== null),
    };
  });
}

/** True for a media type that is JSON. Any type at all is how some generators write JSON. */
export function isJsonType(contentType: string): boolean {
  return /[/+]json\b/i.test(contentType) || contentType === "*/*";
}
