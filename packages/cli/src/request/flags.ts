import type { Command } from "commander";
import { nearest } from "../vendors/installed.js";
import type { RequestField } from "./fields.js";

/** Where the values of flags go: one flag a field. */
export interface FlagTarget {
  readonly flag: string;
  readonly field: RequestField;
}

/** The flags of the fields; one that the program itself has, or that was given before, is put behind a prefix. */
export function flagTargets(fields: readonly RequestField[], taken: ReadonlySet<string>): FlagTarget[] {
  return fields.map((field) => ({
    flag: taken.has(field.flag) || field.flag.startsWith("no-") ? `field.${field.flag}` : field.flag,
    field,
  }));
}

/** Adds a flag for each field. */
export function addRequestFlags(command: Command, targets: readonly FlagTarget[]): void {
  for (const { flag, field } of targets) {
    const { kind, isList, words, required, description } = field;
    const placeholder =
      kind === "boolean" ? "[true|false]" : `<${isList || kind !== "string" ? kind : "text"}>`;
    const option = command.createOption(
      `--${flag} ${placeholder}`,
      describe(description, words, required, isList),
    );
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    option.helpGroup("The request:");
    command.addOption(option);
  }
}

function describe(
  description: string,
  words: readonly unknown[] | undefined,
  required: boolean,
  isList: boolean,
): string {
  const notes = [
    ...(required ? ["required"] : []),
    ...(isList ? ["repeatable"] : []),
    ...(words && words.length <= 12 ? [words.map(String).join(", ")] : []),
  ];
  return [description.replace(/\.$/, ""), ...(notes.length ? [`(${notes.join("; ")})`] : [])]
    .filter(Boolean)
    .join(" ");
}

/** What the flags say, as a request; and a line for each flag that there is not, and each value that is of the wrong kind. */
export function requestOfFlags(
  command: Command,
  targets: readonly FlagTarget[],
): { request: Record<string, unknown>; problems: string[] } {
  const request: Record<string, unknown> = {};
  const problems = unknownArguments(command);
  for (const { flag, field } of targets) {
    const given: unknown = command.getOptionValue(optionKey(command, flag));
    if (given === undefined) continue;
    const texts = (Array.isArray(given) ? given : [given]).map((one) =>
      one === true ? "true" : String(one),
    );
    if (!field.isList && texts.length > 1) {
      problems.push(`--${flag} is given ${texts.length} times, and takes one value`);
      continue;
    }
    const values = texts.flatMap((text) => {
      try {
        return [parseValue(text, field)];
      } catch (error) {
        problems.push(`--${flag} ${error instanceof Error ? error.message : error}`);
        return [];
      }
    });
    const whole = field.isList
      ? values.flatMap((value) => (Array.isArray(value) ? value : [value]))
      : values[0];
    set(request, field.path, whole);
  }
  return { request, problems };
}

/** A line for each argument that the command does not know. */
function unknownArguments({ args, options }: Command): string[] {
  const known = options.map(({ long }) => long ?? "");
  const lines: string[] = [];
  let isValue = false; // what stands behind a flag that is unknown is its value
  for (const arg of args) {
    const isFlag = arg.startsWith("-") && arg !== "-";
    if (isFlag) {
      const name = arg.replace(/=.*$/s, "");
      const near = nearest(name, known);
      lines.push(`there is no option ${name}${near ? `; did you mean ${near}?` : ""}`);
    } else if (!isValue) lines.push(`what is "${short(arg)}" for? Values stand behind their options`);
    isValue = isFlag && !arg.includes("=");
  }
  return lines;
}

/** The name that commander keeps an option under. */
export function optionKey(command: Command, flag: string): string {
  return command.options.find(({ long }) => long === `--${flag}`)?.attributeName() ?? flag;
}

function parseValue(text: string, { kind, words }: RequestField): unknown {
  if (words && !words.some((word) => String(word) === text)) {
    const near = nearest(text, words.map(String));
    const list = words.length <= 12 ? `: ${words.map(String).join(", ")}` : "";
    throw new Error(`does not take "${short(text)}"${near ? `; did you mean ${near}?` : list}`);
  }
  if (words) return words.find((word) => String(word) === text);
  if (kind === "string") return text;
  if (kind === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw new Error(`is true or false, not "${short(text)}"`);
  }
  if (kind === "json") {
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`takes JSON, and "${short(text)}" is none`);
    }
  }
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || (kind === "integer" && !Number.isSafeInteger(value)))
    throw new Error(`takes ${kind === "integer" ? "a whole number" : "a number"}, not "${short(text)}"`);
  return value;
}

function set(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= {};
  set(target[name] as Record<string, unknown>, rest, value); // made just now, or by a field beside this one
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
