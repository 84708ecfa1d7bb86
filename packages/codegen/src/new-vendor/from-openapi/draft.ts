import { followReference } from "../../published/follow-reference.js";
import { isObject, objectOf, textOf } from "../../published/json-object.js";
import {
  findPublished,
  isJsonType,
  type PublishedBody,
  type PublishedOperation,
} from "../../published/operations.js";
import type { Published } from "../../published/read-published.js";
import { bestField, type FoundField, fieldsOf, mayBe, plainName } from "./fields.js";
import { guessStatus, type StatusGuess } from "./guess-states.js";
import { camelCaseOf } from "./identifiers.js";
import { type SchemaWriter, schemaWriter, type WrittenSchema } from "./schemas.js";
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

/** What a vendor's document says about its exports, and what is guessed of the rest. */
export interface Draft {
  readonly writer: SchemaWriter;
  readonly start: DraftOperation;
  readonly poll: DraftOperation;
  /** The operation that brings the file or its address. It is the poll's where that does so. */
  readonly download: DraftOperation;
  readonly id: FoundField;
  /** Missing where the poll answers by codes. */
  readonly status?: StatusGuess;
  readonly failureReason?: FoundField;
  /** Where a reply has the file's address. Missing where the reply is the file. */
  readonly fileUrl?: FoundField;
}

/**
 * Gathers what the document says about the operations that start, poll and download an export.
 * @param names two or three operations, in this order; of two, the second brings the file too
 * @throws {Error} with one line, if there is no such operation or none that a client can call
 */
export function draftOf(
  published: Published,
  names: readonly string[],
  signIn: readonly Credential[],
): Draft {
  const writer = schemaWriter(published);
  const found = withOwnIds(names.map((name) => findPublished(published, name)));
  const [first, second, third] = found;
  if (!first || !second) throw new Error("--operations names two or three operations: start,poll,download.");
  const read = operationReader(published, writer, signIn);
  const start = read(first, "startExport", "Start an export");
  const poll = first === second ? start : read(second, "getExport", "Ask how far an export is");
  const download =
    third && third !== second ? read(third, "downloadExport", "Get the file of an export") : poll;
  if (start.method === "GET")
    throw new Error(
      `${names[0]} is a GET, which starts nothing. --operations names the start first: start,poll,download.`,
    );
  const id = idOf(writer, start, poll);
  const status = statusOf(writer, start, poll);
  const fileUrl = fileUrlOf(writer, download, status);
  const failureReason = status && reasonOf(writer, poll, status);
  return {
    writer,
    start,
    poll,
    download,
    id,
    ...(status ? { status } : {}),
    ...(failureReason ? { failureReason } : {}),
    ...(fileUrl ? { fileUrl } : {}),
  };
}

/**
 * Gives `{id}` in the start's path another name, as the job's id has that name: `/lists/{id}/exports` is `/lists/{listsId}/exports`.
 * The names of path parameters are not sent.
 */
function withOwnIds(operations: readonly PublishedOperation[]): PublishedOperation[] {
  const [before = "", rest] = operations[0]?.path.split("{id}") ?? [];
  if (rest === undefined) return [...operations];
  const [, parent = "parent"] = /(\w+)\/$/.exec(before) ?? [];
  const name = `${parent}Id`;
  return operations.map((operation) => {
    const { path, parameters } = operation;
    if (!path.startsWith(`${before}{id}`)) return operation;
    return {
      ...operation,
      path: path.replace("{id}", `{${name}}`),
      parameters: parameters.map((one) =>
        one["in"] === "path" && one["name"] === "id" ? { ...one, name } : one,
      ),
    };
  });
}

function operationReader(published: Published, writer: SchemaWriter, signIn: readonly Credential[]) {
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

/** The JSON reply of a success, and its schema; one with no fields is made where there is none. */
function jsonReply(operation: DraftOperation, why: string): WrittenSchema {
  const found = operation.replies.find(({ json }) => json)?.json;
  if (found) return found;
  const schema: WrittenSchema = { type: "object", additionalProperties: true, properties: {} };
  operation.remarks.push(why);
  const [first] = operation.replies;
  operation.replies[0] = { ...first, status: first?.status ?? "200", files: [], examples: [], json: schema };
  return schema;
}

function addField(
  writer: SchemaWriter,
  reply: WrittenSchema,
  name: string,
  schema: WrittenSchema,
): FoundField {
  const root = writer.resolve(reply);
  root.properties = { ...root.properties, [name]: schema };
  return { name, pointer: [name], schema, lists: [] };
}

function idOf(writer: SchemaWriter, start: DraftOperation, poll: DraftOperation): FoundField {
  const reply = jsonReply(start, "FILL IN where the id of a new export is: the document has no JSON reply.");
  const own = start.parameters.map(({ name }) => name);
  const asked = poll.parameters
    .filter(({ name, required }) => required && !own.includes(name))
    .map(({ name }) => plainName(name));
  const found = bestField(fieldsOf(writer, reply), ({ name, schema }) => {
    if (!mayBe(schema, "string", "integer", "number")) return 0;
    const plain = plainName(name);
    if (asked.includes(plain)) return 10;
    if (plain === "id") return 8;
    if (/^(job|export|task|report|request|batch|operation)(id|identifier|token|key|handle|uuid)$/.test(plain))
      return 7;
    if (/^(uuid|guid|identifier|handle|token|key)$/.test(plain)) return 5;
    return /id$/.test(plain) ? 4 : 0;
  });
  if (found) return found;
  start.remarks.push(
    "FILL IN where the id of a new export is: the document's reply has no field that looks like one.",
  );
  return addField(writer, reply, "id", { type: ["string", "integer"] });
}

function statusOf(
  writer: SchemaWriter,
  start: DraftOperation,
  poll: DraftOperation,
): StatusGuess | undefined {
  const isFile = poll.replies.some(({ files, status }) => status === "200" && files.length > 0);
  if (isFile) {
    if (!poll.replies.some(({ status }) => status === "202")) {
      poll.remarks.push("FILL IN what it answers while the export is not ready: here it is 202.");
      poll.replies.push({ status: "202", files: [], examples: [] });
    }
    return undefined;
  }
  const reply = jsonReply(poll, "FILL IN how the reply tells the state: the document has no JSON reply.");
  const examples = [...poll.replies, ...start.replies].flatMap((one) => one.examples);
  const guess = guessStatus(writer, reply, start.replies.find(({ json }) => json)?.json, examples);
  const status = guess ?? {
    field: addField(writer, reply, "status", { type: "string" }),
    isInvented: true,
    words: [
      // The words of the first spec of any vendor.
      { word: "queued", state: "queued", isGuess: true },
      { word: "running", state: "running", isGuess: true },
      { word: "done", state: "succeeded", isGuess: true },
      { word: "failed", state: "failed", isGuess: true },
    ] as const,
  };
  if (!guess)
    poll.remarks.push("FILL IN the field that tells the state: the document has none that looks like it.");
  if (!status.words.some(({ state }) => state === "failed"))
    poll.remarks.push("FILL IN how the vendor tells that an export failed: the document has no word for it.");
  const { schema } = status.field;
  const words = status.words.map(({ word }) => word).filter((word) => typeof word !== "boolean");
  if (words.length > 0) schema["x-extensible-enum"] = words;
  return status;
}

function reasonOf(
  writer: SchemaWriter,
  poll: DraftOperation,
  { field }: StatusGuess,
): FoundField | undefined {
  const reply = poll.replies.find(({ json }) => json)?.json;
  if (!reply) return undefined;
  const found = bestField(fieldsOf(writer, reply), ({ name, schema, pointer }) => {
    if (
      !mayBe(schema, "string") ||
      schema["x-extensible-enum"] ||
      pointer.at(-1) === "0" ||
      pointer === field.pointer
    )
      return 0;
    const plain = plainName(name);
    if (/^(failurereason|errormessage|failuremessage|errordescription|errordetails?)$/.test(plain)) return 6;
    if (/^(reason|message|error|failure)$/.test(plain)) return 4;
    return 0;
  });
  if (found) makeNullable(found.schema);
  return found;
}

function makeNullable(schema: WrittenSchema): void {
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.includes("null")) schema.type = [...types, "null"];
}

function fileUrlOf(
  writer: SchemaWriter,
  download: DraftOperation,
  status: StatusGuess | undefined,
): FoundField | undefined {
  const reply = download.replies.find(({ status: code }) => code === "200") ?? download.replies[0];
  if (reply && reply.files.length > 0) return undefined;
  const schema = jsonReply(download, "FILL IN where the address of the file is: the document has no reply.");
  const found = bestField(fieldsOf(writer, schema), (one) => scoreOfUrl(writer, one));
  if (!found) {
    download.remarks.push(
      "FILL IN where the address of the file is: the document has no field that looks like one.",
    );
    return addField(writer, schema, status?.field.name === "url" ? "fileUrl" : "url", {
      type: ["string", "null"],
    });
  }
  if (found.lists.length > 0)
    download.remarks.push(
      `FILL IN: ${found.pointer.join(".")} is the first of a list. maxItems: 1 says that a list never has more; where it may, the others would be missing.`,
    );
  for (const list of found.lists) list["maxItems"] = 1;
  return found;
}

function scoreOfUrl(writer: SchemaWriter, { name, schema }: FoundField): number {
  if (!mayBe(schema, "string") || schema["x-extensible-enum"]) return 0;
  const plain = plainName(name);
  const { description = "", example } = writer.notesOf(schema);
  const byName = /^(download|file|export|result|report|csv|signed|presigned)?(url|uri|link)s?$/.test(plain)
    ? /^(url|uri|link)s?$/.test(plain)
      ? 5
      : 7
    : /(url|uri|link|href)s?$/.test(plain)
      ? 4
      : 0;
  const isUri = schema["format"] === "uri" || (typeof example === "string" && /^https?:\/\//.test(example));
  const says = /\b(url|link|address)\b/i.test(description) && /\b(file|download|export)/i.test(description);
  return (
    byName +
    (isUri ? 2 : 0) +
    (says && /^(result|location|file|download|href|url|uri|link)/.test(plain) ? 4 : 0)
  );
}
