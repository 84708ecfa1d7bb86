import { type Arazzo, childSchemas, follow, type OpenApi, readOperations, type Schema } from "@outhaul/spec";
import type { Repository } from "../../config/repository.js";
import { load } from "../../load/load.js";
import { isLinks } from "./docs-link.js";

/** An operation, workflow or schema of a spec that cites a page. */
export interface CitingElement {
  /** `operation startExport`, `workflow exportOrders`, `schema Export`. */
  readonly name: string;
  /** The fields that it describes, each with the words that a page uses for it. */
  readonly fields: readonly Field[];
  /** What else a page on it shows: the paths of its calls, the server's host, the headers of credentials. */
  readonly marks: readonly string[];
}

/** A field, and the words that a page uses for it. */
export interface Field {
  /** `Export.status`, or `startExport.dry-run`. */
  readonly name: string;
  /** Its name, then the values that it is known to have. */
  readonly words: readonly string[];
}

/** A page that a spec cites. */
export interface Citation {
  readonly url: string;
  /** The latest date on which it was read for the spec. */
  readonly read: string;
  readonly citedBy: readonly CitingElement[];
}

/**
 * The pages that a vendor's spec cites, by address.
 * @throws when the spec cannot be read
 */
export async function readCitations(repository: Repository, vendor: string): Promise<Map<string, Citation>> {
  const { spec, diagnostics } = await load(repository, vendor);
  const [problem] = diagnostics;
  if (!spec)
    throw new Error(problem ? `${problem.file}:${problem.line} ${problem.message}` : `${vendor}: no spec`);
  // The spec is not checked here: missing parts are left out, and the command `generate` reports them.
  const given = spec.openapi.value as OpenApi;
  const document = { ...given, paths: given.paths ?? {} };
  const arazzo = spec.arazzo.value as Arazzo;
  const operations = readOperations(document);
  const found = new Map<string, { read: string; citedBy: CitingElement[] }>();
  const cite = (links: unknown, element: CitingElement): void => {
    for (const { url, read } of isLinks(links) ? links : []) {
      const citation = found.get(url) ?? { read, citedBy: [] };
      if (read > citation.read) citation.read = read;
      if (!citation.citedBy.some(({ name }) => name === element.name)) citation.citedBy.push(element);
      found.set(url, citation);
    }
  };

  const fieldsOf = new Map<string, readonly Field[]>();
  const shared = marksOf(document);
  for (const operation of operations) {
    const fields = [
      ...operation.parameters.flatMap(({ name, schema }) =>
        name ? [field(operation.id, name, schema)] : [],
      ),
      ...[operation.body, ...operation.replies.flatMap(({ bodies }) => bodies)].flatMap((body) =>
        body?.schema ? fieldsIn(document, body.schema, operation.id) : [],
      ),
    ];
    fieldsOf.set(operation.id, unique(fields));
    const marks = [operation.path, ...shared];
    cite(operation.docs, { name: `operation ${operation.id}`, fields: unique(fields), marks });
  }
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
    eachWithDocs(schema, (links, inner) =>
      cite(links, {
        name: `schema ${name}`,
        fields: unique(fieldsIn(document, inner, name)),
        marks: shared,
      }),
    );
  for (const workflow of arazzo.workflows ?? []) {
    const used = (workflow.steps ?? []).map(({ operationId }) => operationId);
    const fields = used.flatMap((id) => fieldsOf.get(id) ?? []);
    const paths = operations.flatMap(({ id, path }) => (used.includes(id) ? [path] : []));
    const element = { name: `workflow ${workflow.workflowId}`, fields: unique(fields) };
    cite(workflow["x-docs"], { ...element, marks: [...paths, ...shared] });
  }
  return new Map([...found].map(([url, citation]) => [url, { url, ...citation }]));
}

/** What any page of a vendor may show: the servers' hosts, and the headers that carry credentials. */
function marksOf({ servers, components }: OpenApi): string[] {
  const hosts = (servers ?? []).flatMap(({ url }) => /^https?:\/\/([^/{}]+)/.exec(url)?.[1] ?? []);
  const headers = Object.values(components?.securitySchemes ?? {}).flatMap(({ type, name }) =>
    type === "apiKey" && name !== undefined ? [name] : [],
  );
  return [...hosts, ...headers];
}

function fieldsIn(document: OpenApi, schema: Schema, owner: string, seen = new Set<Schema>()): Field[] {
  const named = schema.$ref?.split("/").at(-1) ?? owner;
  const { value } = follow(document, schema, []);
  if (seen.has(value)) return [];
  seen.add(value);
  return [
    ...Object.entries(value.properties ?? {}).map(([name, inner]) =>
      field(named, name, follow(document, inner, []).value),
    ),
    ...childSchemas(value).flatMap(([, inner]) => fieldsIn(document, inner, named, seen)),
  ];
}

function field(owner: string, name: string, schema: Schema | undefined): Field {
  const values = [...(schema?.enum ?? []), ...(schema?.["x-extensible-enum"] ?? [])];
  return {
    name: `${owner}.${name}`,
    words: [name, ...values.map(String)],
  };
}

function unique(fields: readonly Field[]): Field[] {
  return [...new Map(fields.map((one) => [one.name, one])).values()];
}

function eachWithDocs(schema: Schema, found: (links: unknown, schema: Schema) => void): void {
  if ("x-docs" in schema) found(schema["x-docs"], schema);
  for (const [, inner] of childSchemas(schema)) eachWithDocs(inner, found);
}
