import type { Path } from "../pointer/json-pointer.js";
import { bodyFormat } from "./body-format.js";
import {
  type Content,
  type DocsLink,
  follow,
  type OpenApi,
  type Parameter,
  type RawOperation,
  type Schema,
} from "./openapi.js";

/** An example of a body. */
export interface Example {
  readonly name: string;
  readonly value: unknown;
  readonly at: Path;
}

/** A body of one media type. */
export interface Body {
  readonly contentType: string;
  readonly isJson: boolean;
  readonly required: boolean;
  readonly schema?: Schema;
  /** How a file of this type begins, as one character a byte. */
  readonly signature?: string;
  /** The media type of what is inside, where the file is gzip. */
  readonly inside?: string;
  readonly examples: readonly Example[];
  /** The fields of a form whose parts are written with brackets: `filter[from]`, `columns[0]` (`style: deepObject`). */
  readonly deepFields: readonly string[];
  readonly at: Path;
}

/** A documented reply of an operation. */
export interface Reply {
  /** The status code, or `default`. */
  readonly status: string;
  /** The names of the headers, in lower case. */
  readonly headers: readonly string[];
  /** The names of those that every such reply has, in lower case. */
  readonly requiredHeaders: readonly string[];
  readonly bodies: readonly Body[];
  readonly at: Path;
}

/** A parameter and its path in the document. */
export interface LocatedParameter extends Parameter {
  readonly at: Path;
}

/** An operation with its references resolved. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly description?: string;
  readonly docs: readonly DocsLink[];
  readonly parameters: readonly LocatedParameter[];
  /** The body that the client sends: the first that it can write. */
  readonly body?: Body;
  /** The bodies that the request may have, one for each media type. */
  readonly bodies: readonly Body[];
  readonly replies: readonly Reply[];
  /** The alternatives of the credentials, each a list of security schemes. None: the operation needs no credentials. */
  readonly security: readonly (readonly string[])[];
  /** The limits of this operation alone, in the syntax of {@link parseRateLimit}. */
  readonly rateLimitPolicy?: string;
  readonly at: Path;
}

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options"];

/** The operations of a document, in its order. */
export function readOperations(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) =>
      readOperation(
        document,
        path,
        method,
        item[method] as RawOperation, // the document's schema requires it
        item["parameters"] as Parameter[] | undefined, // the document's schema requires it
      ),
    ),
  );
}

function readOperation(
  document: OpenApi,
  path: string,
  method: string,
  raw: RawOperation,
  shared: readonly Parameter[] = [],
): Operation {
  const at = ["paths", path, method];
  const bodies = raw.requestBody ? readBodies(document, raw.requestBody, [...at, "requestBody"]) : [];
  const body = bodies.find((one) => bodyFormat(one)) ?? bodies[0];
  const own = locate(document, raw.parameters ?? [], at);
  const inherited = locate(document, shared, ["paths", path]).filter(
    (parameter) => !own.some((other) => other.name === parameter.name && other.in === parameter.in),
  );
  return {
    id: raw.operationId ?? "",
    method: method.toUpperCase(),
    path,
    ...(raw.summary === undefined ? {} : { summary: raw.summary }),
    ...(raw.description === undefined ? {} : { description: raw.description }),
    docs: raw["x-docs"] ?? [],
    parameters: [...inherited, ...own],
    ...(body ? { body } : {}),
    bodies,
    replies: Object.entries(raw.responses ?? {}).map(([status, reply]) => {
      const replyAt = [...at, "responses", status];
      const { headers = {} } = follow(document, reply, replyAt).value;
      return {
        status,
        headers: Object.keys(headers).map((name) => name.toLowerCase()),
        requiredHeaders: Object.entries(headers).flatMap(([name, header]) =>
          follow(document, header, [...replyAt, "headers", name]).value.required ? [name.toLowerCase()] : [],
        ),
        bodies: readBodies(document, reply, replyAt),
        at: replyAt,
      };
    }),
    ...(raw["x-ratelimit-policy"] === undefined ? {} : { rateLimitPolicy: raw["x-ratelimit-policy"] }),
    security: (raw.security ?? document.security ?? []).map((alternative) => Object.keys(alternative)),
    at,
  };
}

function locate(document: OpenApi, parameters: readonly Parameter[], base: Path): LocatedParameter[] {
  return parameters.map((parameter, index) => {
    const { value, at } = follow(document, parameter, [...base, "parameters", index]);
    return { ...value, at };
  });
}

function readBodies(document: OpenApi, raw: Content, base: Path): Body[] {
  const { value: content, at } = follow(document, raw, base);
  return Object.entries(content.content ?? {}).map(([contentType, media]): Body => {
    const mediaAt = [...at, "content", contentType];
    const named = Object.entries(media.examples ?? {}).map(([name, example]): Example => {
      const found = follow(document, example, [...mediaAt, "examples", name]);
      return { name, value: found.value.value, at: found.at };
    });
    const single: Example[] =
      media.example === undefined
        ? []
        : [{ name: "example", value: media.example, at: [...mediaAt, "example"] }];
    return {
      contentType,
      isJson: /[/+]json\b/.test(contentType),
      required: content.required ?? false,
      ...(media.schema ? { schema: media.schema } : {}),
      ...(media["x-file-signature"] === undefined ? {} : { signature: media["x-file-signature"] }),
      ...(media["x-compressed-media-type"] === undefined ? {} : { inside: media["x-compressed-media-type"] }),
      examples: [...named, ...single],
      deepFields: Object.entries(media.encoding ?? {}).flatMap(([name, { style }]) =>
        style === "deepObject" ? [name] : [],
      ),
      at: mediaAt,
    };
  });
}
