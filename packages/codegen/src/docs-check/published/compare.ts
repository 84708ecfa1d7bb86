import type { Path } from "@outhaul/spec";
import { listOf, objectOf, textOf } from "../../published/json-object.js";
import { type PublishedOperation, publishedOperations } from "../../published/operations.js";
import type { Published } from "../../published/read-published.js";
import { type Fact, type Facts, parameterFacts, replyFacts, requestFacts } from "./facts.js";

/** Where a spec and a vendor's own document differ. */
export interface Difference {
  /** The name by which `x-differs` settles it: `startExport request name required`. */
  readonly place: string;
  /** What is different, as a sentence that goes on after the place. */
  readonly text: string;
  /** Where it stands in the spec. */
  readonly at: Path;
}

/** The result of comparing one operation of a spec. */
export interface ComparedOperation {
  readonly id: string;
  readonly differences: readonly Difference[];
  /** What the vendor's document says of the compared parts, in a fixed order. */
  readonly facts: readonly string[];
}

/** A part of an operation in both documents. */
interface PartPair {
  readonly name: string;
  readonly ours: Facts;
  readonly theirs: Facts;
  readonly isRequest: boolean;
  readonly at: Path;
}

/** The operations of a spec with those that the vendor's document has for them. */
export function pairOperations(
  spec: Published,
  published: Published,
): { ours: PublishedOperation; theirs: PublishedOperation | undefined }[] {
  const theirs = publishedOperations(published);
  return publishedOperations(spec).map((ours) => ({
    ours,
    theirs: bestMatch(fullPaths(spec, ours), ours.method, theirs, published),
  }));
}

/** Compares an operation of a spec with the vendor's. */
export function compareOperation(
  spec: Published,
  ours: PublishedOperation,
  published: Published,
  theirs: PublishedOperation,
): ComparedOperation {
  const id = ours.id ?? `${ours.method} ${ours.path}`;
  const at: Path = ["paths", ours.path, ours.method.toLowerCase()];
  const differences: Difference[] = [];
  const facts: string[] = [];
  for (const part of partsOf(spec, ours, published, theirs, at, differences, id)) {
    differences.push(...comparePart(id, part));
    facts.push(...factsOf(part));
  }
  return { id, differences, facts: [`${theirs.method} ${plainPath(theirs.path)}`, ...facts.sort()] };
}

function partsOf(
  spec: Published,
  ours: PublishedOperation,
  published: Published,
  theirs: PublishedOperation,
  at: Path,
  differences: Difference[],
  id: string,
): PartPair[] {
  const parts: PartPair[] = [
    {
      name: "",
      ours: parameterFacts(spec, ours, at),
      theirs: parameterFacts(published, theirs, []),
      isRequest: true,
      at,
    },
    {
      name: "request",
      ours: requestFacts(spec, ours, at),
      theirs: requestFacts(published, theirs, []),
      isRequest: true,
      at,
    },
  ];
  for (const { status } of ours.replies) {
    const own = replyFacts(spec, ours, status, at);
    const other = replyFacts(published, theirs, status, []);
    // The codes 401, 429 and 500 stand in every spec, also where the vendor's document is silent.
    if (!other && /^2/.test(status))
      differences.push({
        place: `${id} ${status}`,
        text: `the vendor's document has no reply ${status}; it has ${theirs.replies.map((reply) => reply.status).join(", ")}`,
        at: [...at, "responses", status],
      });
    if (own && other) parts.push({ name: status, ours: own, theirs: other, isRequest: false, at });
  }
  return parts;
}

function comparePart(id: string, { name, ours, theirs, isRequest, at }: PartPair): Difference[] {
  const placeOf = (field: string): string => [id, name, field].filter((text) => text !== "").join(" ");
  const found: Difference[] = [];
  for (const [field, own] of ours) {
    const other = theirs.get(field);
    if (!other) {
      if (isDescribed(field, theirs))
        found.push({ place: placeOf(field), text: "is not in the vendor's document", at: own.at });
      continue;
    }
    if (isRequest && own.isRequired !== other.isRequired)
      found.push({
        place: `${placeOf(field)} required`,
        text: own.isRequired
          ? "it is required in the spec, and not in the vendor's document"
          : "it is required in the vendor's document, and not in the spec",
        at: own.at,
      });
    const words = wordDifference(own, other);
    if (words !== undefined) found.push({ place: `${placeOf(field)} words`, text: words, at: own.at });
  }
  for (const [field, other] of isRequest ? theirs : [])
    if (other.isRequired && !ours.has(field) && hasParent(field, ours))
      found.push({
        place: placeOf(field),
        text: "is required in the vendor's document, and not in the spec",
        at,
      });
  return found;
}

/** True if a document describes the neighbours of a field, so that it would name the field too. */
function isDescribed(field: string, facts: Facts): boolean {
  const parent = parentOf(field);
  if (parent === undefined) return facts.size > 0 || /^(query|header) /.test(field);
  const around = facts.get(parent);
  // What stands inside of something that is missing is not told once more.
  return around !== undefined && !around.isOpen;
}

function hasParent(field: string, facts: Facts): boolean {
  const parent = parentOf(field);
  if (parent === undefined) return true;
  const around = facts.get(parent);
  return around !== undefined && !around.isOpen;
}

function parentOf(field: string): string | undefined {
  if (field.endsWith("[]")) return field.slice(0, -2) || undefined;
  const dot = field.lastIndexOf(".");
  return dot < 0 ? undefined : field.slice(0, dot);
}

function wordDifference(own: Fact, other: Fact): string | undefined {
  if (own.words.length === 0 || other.words.length === 0) return undefined;
  const more = own.words.filter((word) => !other.words.includes(word));
  const less = other.words.filter((word) => !own.words.includes(word));
  if (more.length === 0 && less.length === 0) return undefined;
  const parts = [
    ...(more.length > 0 ? [`only the spec has ${list(more)}`] : []),
    ...(less.length > 0 ? [`only the vendor's document has ${list(less)}`] : []),
  ];
  return parts.join("; ");
}

function list(words: readonly string[]): string {
  const rest = words.length - 12;
  return `${words.slice(0, 12).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** What the vendor's document says of the fields that the spec has, and of those that it requires. */
function factsOf({ name, ours, theirs, isRequest }: PartPair): string[] {
  const fields = [
    ...ours.keys(),
    ...[...theirs].flatMap(([field, { isRequired }]) => (isRequired && isRequest ? [field] : [])),
  ];
  return [...new Set(fields)].map((field) => {
    const fact = theirs.get(field);
    return JSON.stringify([
      name,
      field,
      fact ? [isRequest && fact.isRequired, [...fact.words].sort()] : null,
    ]);
  });
}

/** The operation with the same method, and the same path behind its server, whatever the names of the parameters. */
function bestMatch(
  paths: readonly string[],
  method: string,
  all: readonly PublishedOperation[],
  published: Published,
): PublishedOperation | undefined {
  const same = all.filter((one) => one.method === method);
  const exact = same.find((one) => fullPaths(published, one).some((path) => paths.includes(path)));
  return (
    exact ??
    // One of the two has a part of the path in the address of its server, or not at all.
    same.find((one) =>
      fullPaths(published, one).some((theirs) =>
        paths.some((ours) => ours.endsWith(plainPath(one.path)) || theirs.endsWith(ours)),
      ),
    )
  );
}

/** The path of an operation behind each of its servers, without the names of parameters. */
function fullPaths({ root }: Published, { path }: PublishedOperation): string[] {
  const bases = listOf(root["servers"]).map((server) =>
    (textOf(objectOf(server)["url"]) ?? "").replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/\/+$/, ""),
  );
  return (bases.length > 0 ? bases : [""]).map((base) => plainPath(base + path));
}

function plainPath(path: string): string {
  return path.replace(/\{[^{}]*\}/g, "{}").replace(/(.)\/+$/, "$1");
}
