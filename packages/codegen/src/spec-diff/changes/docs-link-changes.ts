import { readOperations } from "@outhaul/spec";
import type { Change } from "./change.js";
import type { SpecVersion } from "./workflow-changes.js";

/** Finds the operations that cite other pages. The date on which a page was read does not matter to a user. */
export function docsLinkChanges(base: SpecVersion, now: SpecVersion): Change[] {
  const linksOf = ({ openapi }: SpecVersion): Map<string, string> =>
    new Map(
      readOperations(openapi).map(({ id, docs }) => [
        id,
        docs
          .map(({ url }) => url)
          .sort()
          .join(" "),
      ]),
    );
  const before = linksOf(base);
  const operations = [...linksOf(now)]
    .filter(([id, links]) => before.has(id) && before.get(id) !== links)
    .map(([id]) => id);
  return operations.length === 0
    ? []
    : [{ bump: "patch", text: "The vendor's pages that describe a call are others", operations }];
}
