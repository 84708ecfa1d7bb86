import { type OpenApi, readOperations, requestFields } from "@outhaul/spec";
import { schemaValidators } from "../../check/schema/schema-validators.js";
import { findPublished } from "../../published/operations.js";
import type { Published } from "../../published/read-published.js";
import type { NewVendor } from "../options.js";
import { documentOf } from "./document.js";
import { draftOf } from "./draft.js";
import { sampleOf } from "./samples.js";
import { readServer } from "./server.js";
import { readSignIn, signInFor } from "./sign-in.js";
import { specTests } from "./spec-tests.js";
import { workflowOf } from "./workflow.js";
import { yamlText } from "./yaml-text.js";

/** What a spec is begun from. */
export interface PublishedStart {
  readonly published: Published;
  /** The operations that start, poll and download an export. */
  readonly operations: readonly string[];
  /** The address of the document, where it was fetched. */
  readonly address?: string;
}

/**
 * Writes the first spec of a vendor from its own OpenAPI document: its YAML files, and the tests where a name of the package is given.
 * @throws {Error} with one line that says what is missing
 */
export function specFromOpenApi(
  vendor: NewVendor,
  title: string,
  { published, operations, address }: PublishedStart,
  packageName: string,
): { openapi: string; arazzo: string; quirks: string; types: string } {
  const first = findPublished(published, operations[0] ?? "");
  const signIn = vendor.auth === undefined ? readSignIn(published, first) : signInFor(vendor.auth);
  if (!signIn)
    throw new Error(
      `--auth is missing: ${published.name} does not say how ${operations[0]} is signed in to, in a way that a client can go: bearer, header, query, basic or oauth2.`,
    );
  const server = vendor.baseUrl === undefined ? readServer(published, address) : { url: vendor.baseUrl };
  const draft = draftOf(published, operations, signIn);
  const parts = {
    vendor,
    title,
    server,
    signIn,
    draft,
    ...(address === undefined ? {} : { publishedAt: address }),
  };
  const document = documentOf(parts);
  const { request, fields } = requestOf(document.value as unknown as OpenApi, parts); // documentOf writes that shape
  const workflow = workflowOf(parts, request, fields);
  return {
    openapi: yamlText(
      document.value,
      [
        `The exports of ${title}, begun from its own OpenAPI document. What the words and the x- keys mean: ../README.md`,
        "It works against the sandbox. Look at what is marked FILL IN, describe the fields in your own words, and delete the marks.",
      ],
      document.remarks,
    ),
    arazzo: yamlText(
      workflow.value,
      [`How an export of ${title} is run. What may stand here: ../README.md`],
      workflow.remarks,
    ),
    ...specTests(parts, request, packageName),
  };
}

/** A complete request, and the names of the fields that it may have. */
function requestOf(
  document: OpenApi,
  { draft }: Parameters<typeof documentOf>[0],
): { request: Record<string, unknown>; fields: string[] } {
  const { start, writer } = draft;
  const operation = readOperations(document).find(({ id }) => id === start.id);
  if (!operation) throw new Error(`${start.id} was not written.`);
  const all = requestFields(document, operation);
  const fields = [...new Set([...all.path, ...all.query, ...all.body])].filter((name) =>
    /^[A-Za-z_][\w-]*$/.test(name),
  );
  const parameters = start.parameters
    .filter(({ in: place, required }) => place !== "header" && required)
    .map(({ name, schema }) => [name, sampleOf(writer, schema, { fields: "required" }, name)]);
  return { request: { ...Object.fromEntries(parameters), ...bodyOf(document, operation, draft) }, fields };
}

/** A body that the start takes: the document's own example if it is valid, else one that is made. */
function bodyOf(
  document: OpenApi,
  operation: ReturnType<typeof readOperations>[number],
  { start, writer }: Parameters<typeof documentOf>[0]["draft"],
): object {
  if (!start.body || !operation.body) return {};
  const validate = schemaValidators(document)([...operation.body.at, "schema"]);
  const made = (withExamples: boolean): unknown =>
    sampleOf(writer, start.body?.schema ?? {}, { fields: "required", withExamples });
  const candidates = [...start.body.examples, made(true), made(false)];
  const good = candidates.find((value) => validate(value).length === 0) ?? made(false);
  return typeof good === "object" && good !== null ? good : {};
}
