import { followReference } from "../../published/follow-reference.js";
import { isObject, objectOf, textOf } from "../../published/json-object.js";
import { isJsonType, type PublishedBody, type PublishedOperation } from "../../published/operations.js";
import type { Published } from "../../published/read-published.js";
import { fieldsOf } from "./fields.js";
import { camelCaseOf } from "./identifiers.js";
import type { SchemaWriter, WrittenSchema } from "./schemas.js";
import type { Credential } from "./sign-in.js";

/** A parameter, as the spec has it. */
export interface DraftParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: WrittenSchema;
}

/** A reply that is no error. */
export interface DraftReply {
  readonly status: string;
  /** The schema of its JSON. */
  readonly json?: WrittenSchema;
  /** The media type of its JSON. */
  readonly jsonType?: string;
  /** The media types of the file that it brings. */
  readonly files: readonly string[];
  /** The examples that the document has of its JSON. */
  readonly examples: readonly unknown[];
}

/** An error that an operation is documented to answer. */
export interface DraftError {
  readonly status: string;
  readonly schema?: WrittenSchema;
}

/** An operation on its way into the spec. */
export interface DraftOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly DraftParameter[];
  readonly body?: {
    readonly contentType: string;
    readonly schema: WrittenSchema;
    readonly required: boolean;
    readonly examples: readonly unknown[];
  };
  readonly replies: DraftReply[];
  readonly errors: readonly DraftError[];
  /** What a person has to look at. */
  readonly remarks: string[];
}

/** Reads operations of a document, each under a name of its own. */
export function operationReader(published: Published, writer: SchemaWriter, signIn: readonly Credential[]) {
  const taken = new Set<string>();
  return (given: PublishedOperation, role: string, summary: string): DraftOperation => {
    // An id that a tool has made of method and path is no name: `POST_mc-exports`.
    const isMade = given.id === undefined || /^(get|post|put|patch|delete)[_/-]/i.test(given.id);
    const own = isMade ? undefined : camelCaseOf(given.id ?? "");
    const id = own !== undefined && !taken.has(own) ? own : role;
    taken.add(id);
    const remarks: string[] = [];
    const isFileFirst = role === "downloadExport";
    const body = bodyOf(published, writer, given, remarks);
    return {
      id,
      method: given.method,
      path: given.path,
      summary,
      parameters: parametersOf(writer, given, signIn, remarks),
      ...(body ? { body } : {}),
      replies: repliesOf(published, writer, given, isFileFirst, remarks),
      errors: errorsOf(writer, given),
      remarks,
    };
  };
}

function parametersOf(
  writer: SchemaWriter,
  { parameters, path }: PublishedOperation,
  signIn: readonly Credential[],
  remarks: string[],
): DraftParameter[] {
  const inPath = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name);
  const carriers = signIn.map(({ carrier }) => carrier.toLowerCase());
  const written = parameters.flatMap((raw): DraftParameter[] => {
    const name = textOf(raw["name"]) ?? "";
    const place = textOf(raw["in"]);
    const required = raw["required"] === true || place === "path";
    if (place !== "path" && place !== "query" && place !== "header") {
      if (required)
        remarks.push(`FILL IN: the document wants ${name} in: ${place}, which the client cannot send.`);
      return [];
    }
    if (place !== "path" && carriers.includes(name.toLowerCase())) return [];
    if (place === "header" && /^(content-type|accept|authorization)$/i.test(name)) return [];
    if (place === "path" && !inPath.includes(name)) return [];
    if (place !== "path" && inPath.includes(name)) return [];
    const schema = writer.write(raw["schema"] ?? { type: "string" }, "request");
    const { type, properties, anyOf } = writer.resolve(schema);
    const types = [type ?? []].flat();
    const isPlain =
      !properties &&
      !types.includes("object") &&
      (!types.includes("array") ||
        (place === "query" && raw["explode"] !== false && (raw["style"] ?? "form") === "form"));
    if (!isPlain && !required) {
      remarks.push(
        `${name} is left out: the client writes plain values, and in a query lists that are repeated.`,
      );
      return [];
    }
    if (!isPlain)
      remarks.push(`FILL IN how ${name} is written: the document has an object, or a list in one value.`);
    return [{ name, in: place, required, schema: isPlain || anyOf ? schema : { type: "string" } }];
  });
  for (const name of inPath.filter(
    (one) => !written.some((other) => other.in === "path" && other.name === one),
  )) {
    remarks.push(`FILL IN {${name}}: the document's path has it, and its parameters do not.`);
    written.unshift({ name, in: "path", required: true, schema: { type: "string" } });
  }
  return written;
}

function bodyOf(
  published: Published,
  writer: SchemaWriter,
  { bodies, isBodyRequired, method, path }: PublishedOperation,
  remarks: string[],
): DraftOperation["body"] {
  if (bodies.length === 0) return undefined;
  const form = "application/x-www-form-urlencoded";
  const json = bodies.find(({ contentType }) => isJsonType(contentType));
  const sent = json ?? bodies.find(({ contentType }) => contentType.startsWith(form));
  if (!sent) {
    if (!isBodyRequired) return undefined;
    throw new Error(
      `${method} ${path} takes ${bodies.map(({ contentType }) => contentType).join(", ")}, which the client cannot write: bodies are JSON or ${form}.`,
    );
  }
  const schema = writer.write(sent.schema, "request");
  const { type, properties, anyOf } = writer.resolve(schema);
  if (!properties && !anyOf && type !== "object") {
    remarks.push("FILL IN the fields of the body: the document does not say that it is an object.");
    return {
      contentType: json ? jsonType(sent) : form,
      schema: { type: "object", additionalProperties: true },
      required: isBodyRequired,
      examples: [],
    };
  }
  const examples = [
    ...sent.examples,
    objectOf(followReference(published, sent.schema).value)["example"],
  ].filter(isObject);
  return { contentType: json ? jsonType(sent) : form, schema, required: isBodyRequired, examples };
}

function jsonType({ contentType }: PublishedBody): string {
  return contentType === "*/*" ? "application/json" : contentType;
}

function repliesOf(
  published: Published,
  writer: SchemaWriter,
  { replies, method, path }: PublishedOperation,
  isFileFirst: boolean,
  remarks: string[],
): DraftReply[] {
  const good = replies.filter(({ status }) => /^2(\d\d|xx)$/i.test(status));
  const from = good.length > 0 ? good : replies.filter(({ status }) => status === "default").slice(0, 1);
  if (good.length === 0)
    remarks.push(`FILL IN the code of success: the document has none of ${method} ${path}.`);
  const written = new Map<string, DraftReply>();
  for (const { status, bodies } of from) {
    const code = /^2\d\d$/.test(status) ? status : "200";
    const json = bodies.find((body) => isJsonType(body.contentType) && !isFile(published, body.schema));
    const schema = json && writer.write(json.schema, "reply");
    const isObjectReply = schema && !isTextOnly(writer, schema);
    const files = bodies
      .filter((body) => body !== json)
      .map(({ contentType }) => fileType(contentType))
      .filter((type) => !isJsonType(type));
    written.set(code, {
      status: code,
      ...(json && isObjectReply ? { json: schema, jsonType: jsonType(json) } : {}),
      files: [
        ...new Set(
          json && !isObjectReply ? ["application/octet-stream", ...files] : isObjectReply ? [] : files,
        ),
      ],
      examples: json?.examples ?? [],
    });
  }
  if (written.size === 0) written.set("200", { status: "200", files: [], examples: [] });
  const main = written.get("200");
  if (isFileFirst && !main)
    written.set("200", { ...[...written.values()][0], status: "200", files: [], examples: [] });
  const file = written.get("200");
  if (isFileFirst && file && !file.json && file.files.length === 0) {
    remarks.push("FILL IN the media types of the file: the document does not say them.");
    written.set("200", { ...file, files: ["application/octet-stream"] });
  }
  return [...written.values()].sort((a, b) => (a.status < b.status ? -1 : 1));
}

/** True for the ways in which documents write a file. */
function isFile(published: Published, schema: unknown): boolean {
  const { type, format, contentEncoding } = followReference(published, schema).value;
  return (
    type === "file" ||
    (type === "string" && (format === "binary" || format === "byte" || contentEncoding !== undefined))
  );
}

function isTextOnly(writer: SchemaWriter, schema: WrittenSchema): boolean {
  const { type } = writer.resolve(schema);
  return type === "string";
}

function fileType(contentType: string): string {
  const plain = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  return /^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/.test(plain) && !isJsonType(plain)
    ? plain
    : "application/octet-stream";
}

function errorsOf(writer: SchemaWriter, { replies }: PublishedOperation): DraftError[] {
  const exact = replies.map(({ status }) => status).filter((status) => /^[45]\d\d$/.test(status));
  return [...new Set([...exact, "401", "429", "500"])].sort().map((status) => {
    const reply =
      replies.find((one) => one.status === status) ??
      replies.find((one) => one.status.toUpperCase() === `${status[0]}XX`) ??
      replies.find((one) => one.status === "default");
    const body = reply?.bodies.find(({ contentType }) => isJsonType(contentType));
    const schema = body?.schema === undefined ? undefined : writer.write(body.schema, "reply");
    return { status, ...(schema && fieldsOf(writer, schema).length > 0 ? { schema } : {}) };
  });
}
