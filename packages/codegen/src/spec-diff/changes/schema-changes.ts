import { at, isObject, type View } from "./calls.js";
import { type Bump, type Change, code, listChanges, listed } from "./change.js";
import type { Difference } from "./structural-diff.js";

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
): Pick<Change, "bump" | "text"> | undefined {
  const { path, kind, property, base, revision } = difference;
  const isReply = path[3] === "responses";
  const last = path.at(-1) ?? "";
  const keyword =
    property ?? (path.at(-2) === "properties" || path.at(-2) === "parameters" ? undefined : last);
  const name = fieldName(path, view);
  const where = isReply ? `${name} of a reply` : name;
  const change = (bump: Bump, text: string) => ({ bump, text });

  // Rules between fields are not part of a type.
  if (
    path
      .slice(4, -1)
      .some(
        (token, index, tokens) =>
          tokens[index - 1] !== "properties" &&
          /^(if|then|else|not|dependentSchemas|dependentRequired|headers|links)$/.test(token),
      )
  )
    return change("patch", `A rule about the fields of ${isReply ? "a reply" : "the request"} is different`);

  if (keyword === undefined) return fieldChange(difference, all, view, name, isReply);
  if (keyword === "enum" || keyword === "const") return wordsChange(keyword, base, revision, where, isReply);
  if (keyword === "type") return typeChange(base, revision, where, isReply);
  if (keyword === "required" && path.at(-2) === "parameters")
    return revision === true
      ? change("major", `${name} has to be given`)
      : change("minor", `${name} may be left out`);
  if (keyword === "required" && last === "requestBody")
    return revision === true
      ? change("major", "A request has to have a body")
      : change("minor", "A request may do without a body");
  if (keyword === "required") return requiredChange(difference, all, isReply);
  if (keyword === "additionalProperties") return opennessChange(difference, view, name, isReply);
  if (keyword === "requestBody")
    return kind === "removed"
      ? change("major", "A request has no body any more")
      : change(
          isObject(revision) && revision["required"] !== true ? "minor" : "major",
          "A request has a body now",
        );
  if (beyondTypes.test(keyword)) {
    if (/^(title|description|deprecated|examples?)$/.test(keyword))
      return change("patch", `The documentation of ${where} says something else`);
    return change(
      "patch",
      `${where}: ${code(keyword)} is ${revision === undefined ? "gone" : short(revision)}${base === undefined ? "" : `, and was ${short(base)}`}`,
    );
  }
  if (path.at(-2) === "content")
    return kind === "added"
      ? change("minor", `A request may also be sent as ${code(last)}`)
      : change("major", `A request is not sent as ${code(last)} any more`);
  return change(
    difference.impact === "none" ? "patch" : "major",
    `${where} is made otherwise (${code(keyword)})`,
  );
}

function fieldChange(
  { path, kind, base, revision }: Difference,
  all: readonly Difference[],
  view: View,
  name: string,
  isReply: boolean,
): Pick<Change, "bump" | "text"> | undefined {
  if (path.at(-2) === "parameters") {
    const isRequired =
      at(kind === "removed" ? base : (revision ?? at(view.after, path)), ["required"]) === true;
    if (kind === "removed") return { bump: "major", text: `${name} is gone` };
    return isRequired
      ? { bump: "major", text: `${name} is new and has to be given` }
      : { bump: "minor", text: `${name} is new` };
  }
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

function wordsChange(
  keyword: string,
  base: unknown,
  revision: unknown,
  where: string,
  isReply: boolean,
): Pick<Change, "bump" | "text"> | undefined {
  const words = (value: unknown): unknown[] | undefined =>
    value === undefined ? undefined : keyword === "const" ? [value] : Array.isArray(value) ? value : [];
  const [before, after] = [words(base), words(revision)];
  if (!before)
    return {
      bump: isReply ? "patch" : "major",
      text: `${where} ${isReply ? "is one of" : "takes only"} ${listed(after ?? [])}`,
    };
  if (!after)
    return {
      bump: isReply ? "major" : "minor",
      text: `${where} ${isReply ? "may be" : "takes"} any value now`,
    };
  const { added, removed } = listChanges(before, after);
  if (added.length === 0 && removed.length === 0) return undefined;
  if (isReply) {
    if (added.length === 0) return { bump: "patch", text: `${where} is not ${listed(removed)} any more` };
    return { bump: "major", text: `${where} may also be ${listed(added)}` };
  }
  if (removed.length === 0) return { bump: "minor", text: `${where} now also takes ${listed(added)}` };
  const instead = added.length > 0 ? `, but ${listed(added)}` : "";
  return { bump: "major", text: `${where} does not take ${listed(removed)} any more${instead}` };
}

function typeChange(
  base: unknown,
  revision: unknown,
  where: string,
  isReply: boolean,
): Pick<Change, "bump" | "text"> | undefined {
  const [before, after] = [typesOf(base), typesOf(revision)];
  const { added, removed } = listChanges(before, after);
  if (base !== undefined && revision !== undefined && added.length === 0 && removed.length === 0) {
    // In TypeScript an integer is a number.
    const takesMore = !isReply && strings(revision).includes("number") && !strings(base).includes("number");
    return {
      bump: takesMore ? "minor" : "patch",
      text: `${where} is ${inWords(revision)}, and was ${inWords(base)}`,
    };
  }
  const isWider = base !== undefined && (revision === undefined || removed.length === 0);
  const isNarrower = revision !== undefined && (base === undefined || added.length === 0);
  const text = `${where} is ${inWords(revision)}, and was ${inWords(base)}`;
  if (isReply) return { bump: isNarrower && !isWider ? "patch" : "major", text };
  return { bump: isWider && !isNarrower ? "minor" : "major", text };
}

function requiredChange(
  { path, base, revision }: Difference,
  all: readonly Difference[],
  isReply: boolean,
): Pick<Change, "bump" | "text"> | undefined {
  const { added, removed } = listChanges(strings(base), strings(revision));
  const owner = path.join("/");
  const exists = (kind: Difference["kind"]) => (name: string) =>
    !all.some((other) => other.kind === kind && other.path.join("/") === `${owner}/properties/${name}`);
  if (isReply) {
    const left = removed.filter(exists("removed"));
    if (left.length > 0) return { bump: "major", text: `${listed(left)} of a reply may be missing` };
    return added.length > 0
      ? { bump: "patch", text: `${listed(added)} of a reply ${added.length > 1 ? "are" : "is"} always there` }
      : undefined;
  }
  if (added.length > 0) {
    const isNew = added.every((name) => !exists("added")(name));
    return {
      bump: "major",
      text: `${listed(added)} ${isNew ? `${added.length > 1 ? "are" : "is"} new and ` : ""}${added.length > 1 ? "have" : "has"} to be given`,
    };
  }
  const left = removed.filter(exists("removed"));
  return left.length > 0 ? { bump: "minor", text: `${listed(left)} may be left out` } : undefined;
}

/** Classifies a change of `additionalProperties`. A request's type allows other fields only if it is given and not `false`; a reply's type ignores `true`. */
function opennessChange(
  { path, property, base, revision }: Difference,
  view: View,
  name: string,
  isReply: boolean,
): Pick<Change, "bump" | "text"> {
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

/** The name of the innermost field on a path. */
function fieldName(path: readonly string[], view: View): string {
  for (let index = path.length - 1; index > 3; index -= 1) {
    const token = path[index] ?? "";
    if (path[index - 1] === "properties" && path[index - 2] !== "properties") return code(token);
    if (path[index - 1] !== "parameters") continue;
    const here = path.slice(0, index + 1);
    return code(at(at(view.after, here) ?? at(view.before, here), ["name"]) ?? token);
  }
  return path[3] === "responses" ? "The body" : "The request";
}

/** The types of a schema as TypeScript has them: an integer is a number. */
function typesOf(value: unknown): string[] {
  return [...new Set(strings(value).map((type) => (type === "integer" ? "number" : type)))];
}

function inWords(type: unknown): string {
  return type === undefined ? "of any type" : strings(type).map(code).join(" or ");
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
}

function short(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return code(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
