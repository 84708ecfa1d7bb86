import type { JsonObject } from "../../published/json-object.js";
import type { NewVendor } from "../options.js";
import type { Draft } from "./draft.js";
import type { DraftError, DraftOperation, DraftReply } from "./draft-operation.js";
import { bestField, fieldsOf, mayBe, plainName } from "./fields.js";
import { examplesOf } from "./replies.js";
import { sampleOf } from "./samples.js";
import type { SchemaWriter, WrittenSchema } from "./schemas.js";
import type { Credential } from "./sign-in.js";
import type { Remark } from "./yaml-text.js";

/** What the document of a new vendor is made of. */
export interface DocumentParts {
  readonly vendor: NewVendor;
  readonly title: string;
  readonly server: JsonObject;
  readonly signIn: readonly Credential[];
  readonly draft: Draft;
  /** The address of the vendor's own document, where it has one. */
  readonly publishedAt?: string;
}

/** Makes the value of the first openapi.yaml, with what a person has to look at. */
export function documentOf(parts: DocumentParts): { value: JsonObject; remarks: Remark[] } {
  const { vendor, title, server, signIn, draft, publishedAt } = parts;
  const remarks: Remark[] = [
    { at: ["info", "title"], text: "FILL IN the name as the vendor writes it." },
    { at: ["servers"], text: "FILL IN parts that differ from account to account as {variables}." },
  ];
  const responses = new ErrorResponses(draft.writer);
  const paths: Record<string, Record<string, unknown>> = {};
  const roles = [
    ["start", draft.start],
    ["poll", draft.poll],
    ["download", draft.download],
  ] as const;
  const seen = new Set<DraftOperation>();
  for (const [role, operation] of roles) {
    if (seen.has(operation)) continue;
    seen.add(operation);
    const method = operation.method.toLowerCase();
    const item = paths[operation.path] ?? {};
    paths[operation.path] = item;
    item[method] = operationOf(parts, operation, role, responses);
    for (const text of operation.remarks) remarks.push({ at: ["paths", operation.path, method], text });
  }
  for (const { key, remark } of signIn)
    if (remark !== undefined) remarks.push({ at: ["components", "securitySchemes", key], text: remark });
  const { shared, broken, circles } = draft.writer;
  for (const name of circles)
    remarks.push({
      at: ["components", "schemas", name],
      text: `FILL IN how deep it goes: in the vendor's document it is inside of itself, and here it may be anything there.`,
    });
  for (const ref of broken)
    remarks.push({
      at: ["paths"],
      text: `FILL IN what ${ref.slice(0, 100)} is: it is not in the vendor's document. Here it may be anything.`,
    });
  const schemas = Object.fromEntries(Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1)));
  remarks.push({
    at: ["x-errors"],
    text: "FILL IN where an error's text is, and above it the documented limits (x-ratelimit-policy, x-max-concurrent, x-max-open-jobs).",
  });
  return {
    remarks,
    value: {
      openapi: "3.1.0",
      info: { title, version: "1.0.0", description: `The exports of ${title}.` },
      servers: [server],
      security: [Object.fromEntries(signIn.map(({ key, scopes }) => [key, scopes]))],
      ...(publishedAt === undefined ? {} : { "x-openapi": [{ url: publishedAt, read: vendor.read }] }),
      "x-errors": { message: responses.messages() },
      paths,
      components: {
        securitySchemes: Object.fromEntries(signIn.map(({ key, scheme }) => [key, scheme])),
        ...(Object.keys(schemas).length > 0 ? { schemas } : {}),
        responses: responses.written,
      },
    },
  };
}

function operationOf(
  { vendor, draft }: DocumentParts,
  operation: DraftOperation,
  role: "start" | "poll" | "download",
  errors: ErrorResponses,
): JsonObject {
  const { id, summary, parameters, body } = operation;
  return {
    operationId: id,
    summary,
    "x-docs": [{ url: vendor.docs, read: vendor.read }],
    ...(parameters.length > 0
      ? {
          parameters: parameters.map(({ name, in: place, required, schema }) => ({
            name,
            in: place,
            ...(required ? { required } : {}),
            schema,
          })),
        }
      : {}),
    ...(body
      ? {
          requestBody: {
            required: body.required,
            content: { [body.contentType]: { schema: body.schema, ...encodingOf(draft.writer, body) } },
          },
        }
      : {}),
    responses: Object.fromEntries([
      ...operation.replies.map((reply) => [reply.status, replyOf(draft, reply, role)]),
      ...operation.errors.map((error) => [error.status, { $ref: errors.refOf(error) }]),
    ]),
  };
}

/** In a form, a field that is an object says how it is written. */
function encodingOf(
  writer: SchemaWriter,
  { contentType, schema }: NonNullable<DraftOperation["body"]>,
): JsonObject {
  if (!contentType.startsWith("application/x-www-form-urlencoded")) return {};
  const deep = Object.entries(writer.resolve(schema).properties ?? {}).filter(([, field]) => {
    const { type, properties, items } = writer.resolve(field);
    const itemType = items && writer.resolve(items).type;
    return (
      [type ?? []].flat().includes("object") || properties || itemType === "object" || itemType === "array"
    );
  });
  if (deep.length === 0) return {};
  return {
    encoding: Object.fromEntries(deep.map(([name]) => [name, { style: "deepObject", explode: true }])),
  };
}

function replyOf(draft: Draft, reply: DraftReply, role: "start" | "poll" | "download"): JsonObject {
  const descriptions = {
    start: "The export has been accepted.",
    poll: "How far the export is.",
    download: "The file.",
  };
  const description = descriptions[role];
  if (reply.json)
    return {
      description,
      content: {
        [reply.jsonType ?? "application/json"]: {
          schema: reply.json,
          examples: examplesOf(draft, reply, role),
        },
      },
    };
  if (reply.files.length === 0)
    return { description: reply.status === "202" && role !== "start" ? "It is not ready yet." : description };
  return { description, content: Object.fromEntries(reply.files.map((type) => [type, fileOf(type)])) };
}

function fileOf(type: string): JsonObject {
  if (type === "text/csv") return { schema: {}, examples: { file: { value: "id\n1\n" } } };
  return type.startsWith("text/")
    ? { schema: {}, examples: { file: { value: "1\n" } } }
    : { example: "bytes" };
}

/** The shared replies of errors: one for each form that they have. */
class ErrorResponses {
  readonly written: Record<string, JsonObject> = {};
  readonly #writer: SchemaWriter;
  readonly #names = new Map<string, string>();
  #first: WrittenSchema | undefined;

  constructor(writer: SchemaWriter) {
    this.#writer = writer;
  }

  refOf({ status, schema }: DraftError): string {
    const plain: WrittenSchema = {
      type: "object",
      additionalProperties: true,
      properties: { message: { type: "string" } },
    };
    const used = schema ?? this.#first ?? plain;
    this.#first ??= used;
    const key = JSON.stringify(used);
    let name = this.#names.get(key);
    if (name === undefined) {
      name = this.#names.size === 0 ? "Error" : `Error${status}`;
      while (Object.hasOwn(this.written, name)) name += "b";
      this.#names.set(key, name);
      const value = sampleOf(this.#writer, used, { fields: "all" });
      this.written[name] = {
        description: "Something went wrong.",
        content: { "application/json": { schema: used, examples: { error: { value } } } },
      };
    }
    return `#/components/responses/${name}`;
  }

  /** Where the text of an error seems to be. */
  messages(): string[] {
    const order = [
      "message",
      "errormessage",
      "detail",
      "errordescription",
      "description",
      "reason",
      "error",
      "title",
    ];
    const found = bestField(fieldsOf(this.#writer, this.#first ?? {}), ({ name, schema }) => {
      const place = order.indexOf(plainName(name));
      return place < 0 || !mayBe(schema, "string") ? 0 : 20 - place;
    });
    return [`$response.body#/${(found?.pointer ?? ["message"]).map(escaped).join("/")}`];
  }
}

/** A token of a JSON pointer. RFC 6901 §3 */
export function escaped(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}
