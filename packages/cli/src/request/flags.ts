import type { Command } from "commander";
import { didYouMean } from "../errors/closest-word.js";
import type { RequestField } from "./fields.js";
import { parseValue, truncate } from "./value.js";

/** A flag and the field of the request that it sets. */
export interface RequestFlag {
  readonly flag: string;
  readonly field: RequestField;
}

/** Names a flag for each field. A name that is taken gets the prefix `field.`. */
export function requestFlags(fields: readonly RequestField[], taken: ReadonlySet<string>): RequestFlag[] {
  return fields.map((field) => ({
    flag: taken.has(field.flag) || field.flag.startsWith("no-") ? `field.${field.flag}` : field.flag,
    field,
  }));
}

/** Adds the flags of a request to a command. */
export function addRequestFlags(command: Command, flags: readonly RequestFlag[]): void {
  for (const { flag, field } of flags) {
    const { kind, isList } = field;
    const placeholder =
      kind === "boolean" ? "[true|false]" : `<${isList || kind !== "string" ? kind : "text"}>`;
    const option = command.createOption(`--${flag} ${placeholder}`, helpText(field));
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    option.helpGroup("The request:");
    command.addOption(option);
  }
}

function helpText({ description, choices, required, isList }: RequestField): string {
  const notes = [
    ...(required ? ["required"] : []),
    ...(isList ? ["repeatable"] : []),
    ...(choices && choices.length <= 12 ? [choices.map(String).join(", ")] : []),
  ];
  return [description.replace(/\.$/, ""), ...(notes.length ? [`(${notes.join("; ")})`] : [])]
    .filter(Boolean)
    .join(" ");
}

/** Reads the request from the flags of a command, with a line for each unknown flag and each invalid value. */
export function requestFromFlags(
  command: Command,
  flags: readonly RequestFlag[],
): { request: Record<string, unknown>; problems: string[] } {
  const request: Record<string, unknown> = {};
  const problems = unknownArguments(command);
  for (const { flag, field } of flags) {
    const given: unknown = command.getOptionValue(optionKey(command, flag));
    if (given === undefined) continue;
    // A boolean flag without a value is `true`.
    const texts = [given].flat().map(String);
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
    // A JSON list given to a repeatable flag adds its items.
    setField(request, field.path, field.isList ? values.flat() : values[0]);
  }
  return { request, problems };
}

/** The name under which commander keeps the value of a flag. */
export function optionKey(command: Command, flag: string): string {
  return command.options.find(({ long }) => long === `--${flag}`)?.attributeName() ?? flag;
}

/** A line for each argument that the command does not know. */
function unknownArguments({ args, options }: Command): string[] {
  const known = options.map(({ long }) => long ?? "");
  const lines: string[] = [];
  let isValue = false; // the argument after an unknown flag is that flag's value
  for (const arg of args) {
    const isFlag = arg.startsWith("-") && arg !== "-";
    if (isFlag) {
      const name = arg.replace(/=.*$/s, "");
      lines.push(`there is no option ${name}${didYouMean(name, known)}`);
    } else if (!isValue) lines.push(`what is "${truncate(arg)}" for? Values stand behind their options`);
    isValue = isFlag && !arg.includes("=");
  }
  return lines;
}

function setField(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= {};
  setField(target[name] as Record<string, unknown>, rest, value); // only this function sets it
}
