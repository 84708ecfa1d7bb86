import {
  type Arazzo,
  childSchemas,
  type DocsLink,
  follow,
  type OpenApi,
  readOperations,
  type Schema,
} from "@outhaul/spec";
import type { Repository } from "../../config/repository.js";
import { load } from "../../load/load.js";

/** A place of a spec that cites a page. */
export interface Place {
  /** `operation startExport`, `workflow exportOrders`, `schema Export`. */
  readonly name: string;
  /** The fields that are described there, with the words that a page would use for each. */
  readonly fields: readonly Field[];
}

export interface Field {
  /** `Export.status`, or `startExport.dry-run`. */
  readonly name: string;
  readonly words: readonly string[];
}

/** A page that a spec cites. */
export interface Citation {
  readonly url: string;
  /** The latest day on which it was read for the spec. */
  readonly read: string;
  readonly places: readonly Place[];
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
  // Not checked here: what is not there is left out, and the command `generate` tells what is wrong.
  const given = spec.openapi.value as OpenApi;
  const document = { ...given, paths: given.paths ?? {} };
  const arazzo = spec.arazzo.value as Arazzo;
  const operations = readOperations(document);
  const found = new Map<string, { read: string; places: Place[] }>();
  const cite = (links: unknown, place: Place): void => {
    for (const { url, read } of isLinks(links) ? links : []) {
      const citation = found.get(url) ?? { read, places: [] };
      if (read > citation.read) citation.read = read;
      if (!citation.places.some(({ name }) => name === place.name)) citation.places.push(place);
      found.set(url, citation);
    }
  };

  const fieldsOf = new Map<string, readonly Field[]>();
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
    cite(operation.docs, { name: `operation ${operation.id}`, fields: unique(fields) });
  }
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
    eachWithDocs(schema, (links, inner) =>
      cite(links, { name: `schema ${name}`, fields: unique(fieldsIn(document, inner, name)) }),
    );
  for (const workflow of arazzo.workflows ?? []) {
    const fields = (workflow.steps ?? []).flatMap(({ operationId }) => fieldsOf.get(operationId) ?? []);
    cite(workflow["x-docs"], { name: `workflow ${workflow.workflowId}`, fields: unique(fields) });
  }
  return new Map([...found].map(([url, citation]) => [url, { url, ...citation }]));
}

/** The fields that a text speaks of. */
export function fieldsNamed(text: string, places: readonly Place[]): string[] {
  const names = places.flatMap(({ fields }) =>
    fields.filter(({ words }) => words.some((word) => speaksOf(text, word))),
  );
  return [...new Set(names.map(({ name }) => name))].sort();
}

/** A plain word such as "name" counts where it is no part of a sentence: at the start of a line, or in quotes. */
function speaksOf(text: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const isPlain = /^[a-z]+$/.test(word);
  const pattern = isPlain
    ? `^[|\\s-]*${escaped}(?![\\w-])|["'\`]${escaped}["'\`]`
    : `(?<![\\w-])${escaped}(?![\\w-])`;
  return new RegExp(pattern, "m").test(text);
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
    words: [name, ...values.map(String).filter((value) => value.length > 3)],
  };
}

function unique(fields: readonly Field[]): Field[] {
  return [...new Map(fields.map((one) => [one.name, one])).values()];
}

function eachWithDocs(schema: Schema, found: (links: unknown, schema: Schema) => void): void {
  if ("x-docs" in schema) found(schema["x-docs"], schema);
  for (const [, inner] of childSchemas(schema)) eachWithDocs(inner, found);
}

function isLinks(value: unknown): value is readonly DocsLink[] {
  return (
    Array.isArray(value) &&
    value.every(
      (link: unknown) => typeof link === "object" && link !== null && "url" in link && "read" in link,
    )
  );
}
