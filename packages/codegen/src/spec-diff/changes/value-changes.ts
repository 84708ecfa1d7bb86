import { type Change, code, listChanges, listed } from "./change.js";

/** The bump of a difference, and the sentence that tells it. */
export type Classified = Pick<Change, "bump" | "text" | "isQuiet">;

/** Classifies a change of `enum` or `const`. */
export function wordsChange(
  keyword: string,
  base: unknown,
  revision: unknown,
  where: string,
  isReply: boolean,
): Classified | undefined {
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

/** Classifies a change of `type`. */
export function typeChange(
  base: unknown,
  revision: unknown,
  where: string,
  isReply: boolean,
): Classified | undefined {
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

/** The types of a schema as TypeScript has them: an integer is a number. */
function typesOf(value: unknown): string[] {
  return [...new Set(strings(value).map((type) => (type === "integer" ? "number" : type)))];
}

function inWords(type: unknown): string {
  return type === undefined ? "of any type" : strings(type).map(code).join(" or ");
}

/** A value or a list of values as texts. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
}
