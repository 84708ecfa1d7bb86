import type { Path } from "./json-pointer.js";
import {
  type Content,
  type DocsLink,
  follow,
  type OpenApi,
  type Parameter,
  type RawOperation,
  type Schema,
} from "./openapi.js";

/** One example of a body, and where it stands. */
export interface Example {
  readonly name: string;
  readonly value: unknown;
  readonly at: Path;
}

/** One content type of a request or reply. */
export interface Body {
  readonly contentType: string;
  readonly isJson: boolean;
  readonly required: boolean;
  readonly schema?: Schema;
  readonly examples: readonly Example[];
  readonly at: Path;
}

export interface Reply {
  readonly status: string;
  readonly bodies: readonly Body[];
  readonly at: Path;
}

export interface LocatedParameter extends Parameter {
  readonly at: Path;
}

/** A path and a method, with its references followed. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly description?: string;
  readonly docs: readonly DocsLink[];
  readonly parameters: readonly LocatedParameter[];
  readonly body?: Body;
  readonly replies: readonly Reply[];
  readonly at: Path;
}

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

/** All operations of a document, in its order. */
export function readOperations(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(
    ([path, item]) =>
      methods
        .filter((method) => item[method] !== undefined)
        .map((method) =>
          readOperation(
            document,
            path,
            method,
            item[method] as RawOperation,
            item["parameters"] as Parameter[],
          ),
        ), // shapes were checked
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
  const locate = (list: readonly Parameter[], base: Path): LocatedParameter[] =>
    list.map((parameter, index) => {
      const found = follow(document, parameter, [...base, "parameters", index]);
      return { ...found.value, at: found.at };
    });
  const own = locate(raw.parameters ?? [], at);
  const inherited = locate(shared, ["paths", path]).filter(
    (p) => !own.some((o) => o.name === p.name && o.in === p.in),
  );
  const body = raw.requestBody && readBodies(document, raw.requestBody, [...at, "requestBody"])[0];
  return {
    id: raw.operationId ?? "",
    method: method.toUpperCase(),
    path,
    ...(raw.summary === undefined ? {} : { summary: raw.summary }),
    ...(raw.description === undefined ? {} : { description: raw.description }),
    docs: raw["x-docs"] ?? [],
    parameters: [...inherited, ...own],
    ...(body ? { body } : {}),
    replies: Object.entries(raw.responses ?? {}).map(([status, reply]) => {
      const where = [...at, "responses", status];
      return { status, bodies: readBodies(document, reply, where), at: where };
    }),
    at,
  };
}

function readBodies(document: OpenApi, raw: Content, at: Path): Body[] {
  const content = follow(document, raw, at);
  return Object.entries(content.value.content ?? {}).map(([contentType, media]): Body => {
    const where = [...content.at, "content", contentType];
    const named = Object.entries(media.examples ?? {}).map(([name, example]): Example => {
      const found = follow(document, example, [...where, "examples", name]);
      return { name, value: found.value.value, at: found.at };
    });
    const single =
      media.example === undefined
        ? []
        : [{ name: "example", value: media.example, at: [...where, "example"] }];
    return {
      contentType,
      isJson: /[/+]json\b/.test(contentType),
      required: content.value.required ?? false,
      ...(media.schema ? { schema: media.schema } : {}),
      examples: [...named, ...single],
      at: where,
    };
  });
}
