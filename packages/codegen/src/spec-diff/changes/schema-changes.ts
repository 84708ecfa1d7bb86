import { at, isObject, type View } from "./calls.js";
import { code, documentationChange, listChanges, listed } from "./change.js";
import { fieldPath } from "./field-path.js";
import type { Difference } from "./structural-diff.js";
import { type Classified, strings, typeChange, wordsChange } from "./value-changes.js";

/** Keywords that no TypeScript type expresses. */
const beyondTypes =
  /^(title|description|default|format|deprecated|readOnly|writeOnly|contentEncoding|contentMediaType|examples?|style|explode|allowReserved|allowEmptyValue|(exclusive)?(min|max)imum|(min|max)(Length|Items|Properties|Contains)|multipleOf|pattern|uniqueItems|dependentRequired|dependentSchemas|if|then|else|not|contains|propertyNames|encoding|headers|links)$/;

/**
 * Classifies a difference within a request or a reply by its type: a request must still accept what it accepted, a reply must still hold what it held.
 * Undefined if a user does not see the difference.
 */
export function schemaChange(
  difference: Difference,
  all: readonly Difference[],
  view: View,
): Classified | undefined {
  const { path, property, base, revision, impact } = difference;
  const isReply = path[3] === "responses";
  const last = path.at(-1) ?? "";
  const keyword =
    property ?? (path.at(-2) === "properties" || path.at(-2) === "parameters" ? undefined : last);
  const name = fieldName(path, view);
  const where = isReply ? `${name} of a reply` : name;

  if (all.some((other) => takesAway(other, difference))) return undefined;
  if (isInFieldRule(path))
    return {
      bump: "patch",
      text: `A rule about the fields of ${isReply ? "a reply" : "the request"} is different`,
    };
  if (keyword === undefined) return fieldChange(difference, all, view, name, isReply);
  if (keyword === "enum" || keyword === "const") return wordsChange(keyword, base, revision, where, isReply);
  if (keyword === "type") return typeChange(base, revision, where, isReply);
  if (keyword === "required" && (path.at(-2) === "parameters" || last === "requestBody"))
    return obligationChange(difference, name);
  if (keyword === "required") return requiredChange(difference, all, view, isReply);
  if (keyword === "additionalProperties") return opennessChange(difference, view, name, isReply);
  if (keyword === "requestBody") return bodyChange(difference);
  if (beyondTypes.test(keyword)) return annotationChange(keyword, base, revision, where);
  if (path.at(-2) === "content") return contentTypeChange(difference);
  return {
    bump: impact === "none" ? "patch" : "major",
    text: `${where} is made otherwise (${code(keyword)})`,
  };
}

/** True for a schema whose type takes any other field, of any type. */
function isOpen(schema: unknown): boolean {
  const others = at(schema, ["additionalProperties"]);
  return others === true || (isObject(others) && Object.keys(others).length === 0);
}

/** True if a type that is an object or list no more, or only now, says all that another difference says of the inside. */
function takesAway(type: Difference, { path, property }: Difference): boolean {
  const isType = type.property === "type" || (type.property === undefined && type.path.at(-1) === "type");
  if (!isType) return false;
  const owner = type.property === undefined ? type.path.slice(0, -1) : type.path;
  if (!owner.every((token, index) => path[index] === token)) return false;
  const shapes = (value: unknown): string =>
    strings(value)
      .filter((one) => one === "object" || one === "array")
      .sort()
      .join();
  if (type.base === undefined || type.revision === undefined || shapes(type.base) === shapes(type.revision))
    return false;
  const keyword = property !== undefined && path.length === owner.length ? property : path[owner.length];
  return (
    keyword !== undefined &&
    /^(properties|additionalProperties|required|items|prefixItems|patternProperties|propertyNames|(min|max)(Items|Properties|Contains)|uniqueItems|unevaluated\w+)$/.test(
      keyword,
    )
  );
}

/** True for a path into a rule between fields, which is not part of a type. */
function isInFieldRule(path: readonly string[]): boolean {
  return path
    .slice(4, -1)
    .some(
      (token, index, tokens) =>
        tokens[index - 1] !== "properties" &&
        /^(if|then|else|not|dependentSchemas|dependentRequired|headers|links)$/.test(token),
    );
}

/** Classifies `required` of a parameter or of a request's body. */
function obligationChange({ path, revision }: Difference, name: string): Classified {
  const isRequired = revision === true;
  if (path.at(-1) === "requestBody")
    return isRequired
      ? { bump: "major", text: "A request has to have a body" }
      : { bump: "minor", text: "A request may do without a body" };
  return isRequired
    ? { bump: "major", text: `${name} has to be given` }
    : { bump: "minor", text: `${name} may be left out` };
}

/** Classifies a request's body that is new or gone. */
function bodyChange({ kind, revision }: Difference): Classified {
  if (kind === "removed") return { bump: "major", text: "A request has no body any more" };
  const isOptional = isObject(revision) && revision["required"] !== true;
  return { bump: isOptional ? "minor" : "major", text: "A request has a body now" };
}

/** Classifies a content type of a request that is new or gone. */
function contentTypeChange({ kind, path }: Difference): Classified {
  const type = code(path.at(-1));
  return kind === "added"
    ? { bump: "minor", text: `A request may also be sent as ${type}` }
    : { bump: "major", text: `A request is not sent as ${type} any more` };
}

/** Classifies a keyword that no type expresses. */
function annotationChange(keyword: string, base: unknown, revision: unknown, where: string): Classified {
  if (keyword === "deprecated")
    return {
      bump: "patch",
      text: `${where} is ${revision === true ? "deprecated" : "not deprecated any more"}`,
    };
  if (/^(title|description|examples?)$/.test(keyword)) return documentationChange(where);
  const now = revision === undefined ? "gone" : short(revision);
  const before = base === undefined ? "" : `, and was ${short(base)}`;
  return { bump: "patch", text: `${where}: ${code(keyword)} is ${now}${before}` };
}

function fieldChange(
  { path, kind, base, revision }: Difference,
  all: readonly Difference[],
  view: View,
  name: string,
  isReply: boolean,
): Classified | undefined {
  if (path.at(-2) === "parameters") {
    const isRequired =
      at(kind === "removed" ? base : (revision ?? at(view.after, path)), ["required"]) === true;
    if (kind === "removed") return { bump: "major", text: `${name} is gone` };
    return isRequired
      ? { bump: "major", text: `${name} is new and has to be given` }
      : { bump: "minor", text: `${name} is new` };
  }
  if (kind === "removed" && !isReply && isOpen(at(view.after, path.slice(0, -2))))
    return {
      bump: "patch",
      text: `${name} is not documented any more, and is still taken as other fields are`,
    };
  if (kind === "removed")
    return { bump: "major", text: isReply ? `A reply has no ${name} any more` : `${name} is gone` };
  if (isReply) return { bump: "minor", text: `A reply has ${name} now` };
  const owner = path.slice(0, -2);
  const required = all.find(
    (other) => other.property === "required" && other.path.join("/") === owner.join("/"),
  );
  if (required && strings(required.revision).includes(path.at(-1) ?? "")) return undefined; // the difference of `required` is reported by itself
  return { bump: "minor", text: `${name} is new` };
}

function requiredChange(
  { path, property, base, revision }: Difference,
  all: readonly Difference[],
  view: View,
  isReply: boolean,
): Classified | undefined {
  const ownerPath = property === undefined ? path.slice(0, -1) : path;
  const told = (names: readonly string[]): string => listed(under(ownerPath, names, view));
  const { added, removed } = listChanges(strings(base), strings(revision));
  const owner = ownerPath.join("/");
  const exists = (kind: Difference["kind"]) => (name: string) =>
    !all.some((other) => other.kind === kind && other.path.join("/") === `${owner}/properties/${name}`);
  if (isReply) {
    const left = removed.filter(exists("removed"));
    if (left.length > 0) return { bump: "major", text: `${told(left)} of a reply may be missing` };
    return added.length > 0
      ? { bump: "patch", text: `${told(added)} of a reply ${added.length > 1 ? "are" : "is"} always there` }
      : undefined;
  }
  if (added.length > 0) {
    const isNew = added.every((name) => !exists("added")(name));
    return {
      bump: "major",
      text: `${told(added)} ${isNew ? `${added.length > 1 ? "are" : "is"} new and ` : ""}${added.length > 1 ? "have" : "has"} to be given`,
    };
  }
  const left = removed.filter(exists("removed"));
  return left.length > 0 ? { bump: "minor", text: `${told(left)} may be left out` } : undefined;
}

/** Classifies a change of `additionalProperties`. A request's type allows other fields only if it is given and not `false`; a reply's type ignores `true`. */
function opennessChange(
  { path, property, base, revision }: Difference,
  view: View,
  name: string,
  isReply: boolean,
): Classified {
  const owner = property === undefined ? path.slice(0, -1) : path;
  const hasFields =
    at(view.after, [...owner, "properties"]) !== undefined &&
    at(view.before, [...owner, "properties"]) !== undefined;
  const isOpen = (value: unknown): boolean =>
    value !== undefined && value !== false && !(isReply && value === true && hasFields);
  const [before, after] = [isOpen(base), isOpen(revision)];
  if (!before && !after)
    return { bump: "patch", text: `Whether ${name} holds other fields is told otherwise` };
  if (isReply || (before && after))
    return { bump: "major", text: `The other fields of ${name} are of another type` };
  return after
    ? { bump: "minor", text: `${name} takes other fields, too` }
    : { bump: "major", text: `${name} takes no other fields any more` };
}

/** The field that a path leads to, as code. */
function fieldName(path: readonly string[], view: View): string {
  const field = fieldPath(path, view.after, view.before);
  if (field !== "") return code(field);
  return path[3] === "responses" ? "The body" : "The request";
}

/** Names of fields of one object, each with the path to it. */
function under(path: readonly string[], names: readonly string[], view: View): string[] {
  const owner = fieldPath(path, view.after, view.before);
  return names.map((name) => (owner === "" ? name : `${owner}.${name}`));
}

function short(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return code(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
