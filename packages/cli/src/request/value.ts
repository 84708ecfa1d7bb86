import { didYouMean } from "../errors/closest-word.js";
import type { RequestField } from "./fields.js";

/**
 * Parses the value of a flag.
 * @throws {Error} if the value does not fit the field; the message continues a sentence that begins with the flag
 */
export function parseValue(text: string, { kind, choices }: RequestField): unknown {
  if (choices) return parseChoice(text, choices);
  switch (kind) {
    case "string":
      return text;
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      throw new Error(`is true or false, not "${truncate(text)}"`);
    case "json":
      try {
        return JSON.parse(text);
      } catch {
        throw new Error(`takes JSON, and "${truncate(text)}" is none`);
      }
    default:
      return parseNumber(text, kind);
  }
}

/** Truncates a text for a message. */
export function truncate(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function parseChoice(text: string, choices: readonly unknown[]): unknown {
  const words = choices.map(String);
  const index = words.indexOf(text);
  if (index >= 0) return choices[index];
  const list = words.length <= 12 ? `: ${words.join(", ")}` : "";
  throw new Error(`does not take "${truncate(text)}"${didYouMean(text, words, list)}`);
}

function parseNumber(text: string, kind: "integer" | "number"): number {
  const value = Number(text);
  const isValid = kind === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (text.trim() === "" || !isValid)
    throw new Error(`takes ${kind === "integer" ? "a whole number" : "a number"}, not "${truncate(text)}"`);
  return value;
}
