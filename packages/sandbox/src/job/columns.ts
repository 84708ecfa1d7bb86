import type { Column } from "../file/rows.js";
import { asObject, asText, isObject } from "../spec/narrow.js";
import type { Content } from "../spec/open-api.js";
import { findField } from "./find-field.js";
import type { Job } from "./job.js";

const DEFAULT_COLUMNS = ["id", "name", "time", "value"];

/** The columns of a job's file: those of the request, or else those of the documented example. */
export function columnsOf({ request }: Job, documented: readonly Content[]): Column[] {
  const requested = requestedColumns(request);
  if (requested.length > 0) return requested;
  for (const { examples } of documented) {
    for (const { value } of examples) {
      const names = exampleColumns(value);
      if (names) return names.map(toColumn);
    }
  }
  return DEFAULT_COLUMNS.map(toColumn);
}

function requestedColumns(request: unknown): Column[] {
  const field = findField(request, /^(selected_?)?fields(_?selected)?$|^columns$/i);
  const list = typeof field === "string" ? field.split(",").map((name) => name.trim()) : field;
  return (Array.isArray(list) ? list : []).flatMap((item) => requestedColumn(item) ?? []);
}

function requestedColumn(item: unknown): Column | undefined {
  if (typeof item === "string" && item !== "") return toColumn(item);
  const { id, name, label, title } = asObject(item);
  const field = asText(id) ?? asText(name);
  return field === undefined ? undefined : { title: asText(label) ?? asText(title) ?? field, name: field };
}

/** The columns of an example: the heading of a CSV file, or the fields of a list's first object. */
function exampleColumns(value: unknown): string[] | undefined {
  if (typeof value === "string" && value.includes(",")) {
    const heading = value.split("\n", 1)[0] ?? "";
    return heading.split(",").map((name) => name.replaceAll('"', ""));
  }
  if (Array.isArray(value) && isObject(value[0])) return Object.keys(value[0]);
  return undefined;
}

function toColumn(name: string): Column {
  return { title: name, name };
}
