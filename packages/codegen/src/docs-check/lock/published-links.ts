import type { DocsLink } from "@outhaul/spec";
import type { Repository } from "../../config/repository.js";
import { load } from "../../load/load.js";
import type { Source } from "../../load/source.js";
import type { JsonObject } from "../../published/json-object.js";
import { isObject, objectOf } from "../../published/json-object.js";
import type { Published } from "../../published/read-published.js";
import { isLinks } from "./docs-link.js";

/** What a spec says about the vendor's own documents. */
export interface PublishedLinks {
  /** The spec itself, in the same form as a vendor's document. */
  readonly spec: Published;
  readonly source: Source;
  readonly links: readonly DocsLink[];
  /** The differences that were settled on purpose, each with its reason. */
  readonly settled: Readonly<Record<string, string>>;
}

/**
 * Reads which documents a spec is compared with.
 * @throws when the spec cannot be read
 */
export async function readPublishedLinks(repository: Repository, vendor: string): Promise<PublishedLinks> {
  const { spec, diagnostics } = await load(repository, vendor);
  const [problem] = diagnostics;
  if (!spec)
    throw new Error(problem ? `${problem.file}:${problem.line} ${problem.message}` : `${vendor}: no spec`);
  const root: JsonObject = objectOf(spec.openapi.value);
  const links = root["x-openapi"];
  const settled = root["x-differs"];
  return {
    spec: { name: spec.openapi.file, root },
    source: spec.openapi,
    links: isLinks(links) ? links : [],
    settled: isObject(settled)
      ? Object.fromEntries(Object.entries(settled).map(([place, reason]) => [place, String(reason)]))
      : {},
  };
}
