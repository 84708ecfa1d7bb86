import { seededRandom } from "./random.js";

/** A column of a file. Its values fit the name of its field. */
export interface Column {
  readonly title: string;
  readonly name: string;
}

/** One value of a row. The text may contain {@link COUNTER}. */
export interface Cell {
  readonly text: string;
  readonly isNumber: boolean;
}

/** The placeholder for the row's number, in ten digits. */
export const COUNTER = "##########";

const PEOPLE = [
  "ada",
  "grace",
  "alan",
  "edsger",
  "barbara",
  "donald",
  "katherine",
  "margaret",
  "dennis",
  "radia",
];
const NAMES = ["Summer sale", "Back to school", "Autumn issue", "Welcome", "Winter warmers", "Last call"];
const WORDS = ["active", "inactive", "opened", "clicked"];

type Kind = "email" | "id" | "time" | "person" | "name" | "word" | "decimal" | "count";

/** Creates a function that returns the next row: the same rows for the same seed. One value of each row contains the row's number. */
export function createRowSource(columns: readonly Column[], seed: number): () => Cell[] {
  const random = seededRandom(seed);
  const kinds = columns.map(({ name }) => kindOf(name));
  const counted = [
    ["email", "id"],
    ["name", "person", "count"],
  ]
    .map((fit) => kinds.findIndex((kind) => fit.includes(kind)))
    .find((index) => index >= 0);
  return () => kinds.map((kind, index) => cell(kind, index === (counted ?? 0), random));
}

function kindOf(name: string): Kind {
  if (/e-?mail/i.test(name)) return "email";
  if (/(^|[._])(id|uuid|publisher|serial)$|[a-z]Id$/.test(name)) return "id";
  if (/time|date|(^|_)at$|[a-z]At$|created|modified|last_/i.test(name)) return "time";
  if (/(first|last)_?name|person|user/i.test(name)) return "person";
  if (/name|title|campaign|label|subject|channel$/i.test(name)) return "name";
  if (/rate|percent|ratio|value|degrees|price|amount|average/i.test(name)) return "decimal";
  if (/status|type|kind|state|action/i.test(name)) return "word";
  return "count";
}

function cell(kind: Kind, isCounted: boolean, random: () => number): Cell {
  const counter = isCounted ? COUNTER : "";
  if (kind === "email") {
    return {
      text: `${pick(PEOPLE, random)}${counter || Math.floor(random() * 1000)}@example.com`,
      isNumber: false,
    };
  }
  if (kind === "id") return { text: isCounted ? `1${COUNTER}` : digits(100_000, random), isNumber: true };
  if (kind === "time") {
    const time = new Date(1_780_272_000_000 + Math.floor(random() * 15_552_000) * 1000);
    return { text: isCounted ? `${COUNTER} ${time.toISOString()}` : time.toISOString(), isNumber: false };
  }
  if (kind === "decimal") {
    const text = isCounted ? `${digits(100, random)}.${COUNTER}` : (random() * 100).toFixed(4);
    return { text, isNumber: true };
  }
  if (kind === "count" && !isCounted) return { text: digits(5000, random), isNumber: true };
  if (kind === "count") return { text: `1${COUNTER}`, isNumber: true };
  const text =
    kind === "person" ? capital(pick(PEOPLE, random)) : pick(kind === "word" ? WORDS : NAMES, random);
  return { text: isCounted ? `${text} ${COUNTER}` : text, isNumber: false };
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? "";
}

function digits(below: number, random: () => number): string {
  return String(Math.floor(random() * below));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
