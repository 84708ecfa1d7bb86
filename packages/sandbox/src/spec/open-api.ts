import { parsePointer, readPointer } from "./json-pointer.js";
import { asList, asObject, asText, isObject, type JsonObject } from "./narrow.js";

/** A named example of a reply or a request. */
export interface Example {
  readonly name: string;
  readonly value: unknown;
}

/** A body of one media type. */
export interface Content {
  readonly mediaType: string;
  readonly schema: unknown;
  readonly examples: readonly Example[];
}

/** A documented reply of an operation. */
export interface DocumentedReply {
  readonly status: number;
  /** The names of its headers, in lower case. */
  readonly headers: readonly string[];
  readonly contents: readonly Content[];
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonObject;
  /** Whether the values of a list come as repeated keys. */
  readonly explode: boolean;
}

/** One call of the vendor's API. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly contents: readonly Content[] } | undefined;
  readonly replies: readonly DocumentedReply[];
  /** The alternatives, each a list of schemes that go together. None: no credentials are asked for. */
  readonly security: readonly (readonly string[])[];
}

/** How a caller says who it is. */
export type SecurityScheme =
  | { readonly kind: "bearer" | "basic" }
  | { readonly kind: "header"; readonly name: string };

/** What the sandbox takes from an OpenAPI document. */
export interface Api {
  readonly title: string;
  readonly root: JsonObject;
  readonly servers: readonly Server[];
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
  readonly operations: readonly Operation[];
}

export interface Server {
  readonly url: string;
  readonly variables: Readonly<Record<string, { readonly default: string; readonly required: boolean }>>;
}

const METHODS = ["get", "put", "post", "delete", "patch"];

/** Reads the parts of an OpenAPI 3.1 document that the sandbox is made from. */
export function readApi(document: unknown): Api {
  const root = asObject(document);
  const resolve = (value: unknown): JsonObject => {
    let current = asObject(value);
    for (let hops = 0; typeof current["$ref"] === "string" && hops < 10; hops++) {
      current = asObject(readPointer(root, parsePointer(current["$ref"].replace(/^#/, ""))));
    }
    return current;
  };
  const contentsOf = (value: unknown): Content[] =>
    Object.entries(asObject(value)).map(([mediaType, media]) => {
      const { schema, example, examples } = asObject(media);
      const named = Object.entries(asObject(examples)).map(([name, each]) => ({
        name,
        value: resolve(each)["value"],
      }));
      return {
        mediaType,
        schema,
        examples: example === undefined ? named : [...named, { name: "example", value: example }],
      };
    });
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(asObject(root["paths"]))) {
    const pathItem = resolve(item);
    for (const method of METHODS) {
      if (!isObject(pathItem[method])) continue;
      const operation = pathItem[method];
      const parameters = new Map<string, Parameter>();
      for (const each of [...asList(pathItem["parameters"]), ...asList(operation["parameters"])]) {
        const parameter = resolve(each);
        const [name, where] = [asText(parameter["name"]) ?? "", asText(parameter["in"]) ?? ""];
        parameters.set(`${where} ${name}`, {
          name,
          in: where,
          required: parameter["required"] === true,
          schema: asObject(parameter["schema"]),
          explode: parameter["explode"] !== false,
        });
      }
      const body = isObject(operation["requestBody"]) ? resolve(operation["requestBody"]) : undefined;
      operations.push({
        id: asText(operation["operationId"]) ?? `${method} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: [...parameters.values()],
        body: body && { required: body["required"] === true, contents: contentsOf(body["content"]) },
        replies: Object.entries(asObject(operation["responses"])).map(([status, each]) => {
          const reply = resolve(each);
          const headers = Object.keys(asObject(reply["headers"])).map((name) => name.toLowerCase());
          return { status: Number(status), headers, contents: contentsOf(reply["content"]) };
        }),
        security: asList(operation["security"] ?? root["security"]).map((each) =>
          Object.keys(asObject(each)),
        ),
      });
    }
  }
  return {
    title: asText(asObject(root["info"])["title"]) ?? "",
    root,
    servers: asList(root["servers"]).map(readServer),
    schemes: new Map(
      Object.entries(asObject(asObject(root["components"])["securitySchemes"])).flatMap(([key, value]) => {
        const scheme = readScheme(resolve(value));
        return scheme ? [[key, scheme] as const] : [];
      }),
    ),
    operations,
  };
}

/** The contents of an operation's successful replies. */
export function successContents(operation: Operation): readonly Content[] {
  return operation.replies
    .filter(({ status }) => status >= 200 && status < 300)
    .flatMap(({ contents }) => contents);
}

function readServer(value: unknown): Server {
  const { url, variables } = asObject(value);
  return {
    url: asText(url) ?? "/",
    variables: Object.fromEntries(
      Object.entries(asObject(variables)).map(([name, each]) => [
        name,
        { default: asText(asObject(each)["default"]) ?? "", required: asObject(each)["x-required"] === true },
      ]),
    ),
  };
}

function readScheme(scheme: JsonObject): SecurityScheme | undefined {
  if (scheme["type"] === "http") return { kind: scheme["scheme"] === "basic" ? "basic" : "bearer" };
  const name = asText(scheme["name"]);
  return scheme["type"] === "apiKey" && scheme["in"] === "header" && name !== undefined
    ? { kind: "header", name: name.toLowerCase() }
    : undefined;
}
