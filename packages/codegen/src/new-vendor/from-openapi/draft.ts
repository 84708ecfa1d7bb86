import { findPublished, type PublishedOperation } from "../../published/operations.js";
import type { Published } from "../../published/read-published.js";
import { type DraftOperation, operationReader } from "./draft-operation.js";
import { bestField, type FoundField, fieldsOf, mayBe, plainName } from "./fields.js";
import { guessStatus, type StatusGuess } from "./guess-states.js";
import { type SchemaWriter, schemaWriter, type WrittenSchema } from "./schemas.js";
import type { Credential } from "./sign-in.js";

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
