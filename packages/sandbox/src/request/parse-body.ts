import { mediaTypeOf } from "@outhaul/spec";

/** The parsed body of a request: of JSON its value, of a form an object, else the text. @throws {SyntaxError} for broken JSON */
export function parseBody(type: string, text: string): unknown {
  if (/\bjson\b/.test(type)) return JSON.parse(text);
  return type === "application/x-www-form-urlencoded" ? parseForm(text) : text;
}

/** The media type of a request, without parameters. */
export function contentTypeOf(headers: Headers): string {
  return mediaTypeOf(headers.get("content-type") ?? "");
}

type Fields = Map<string, Fields | string | string[]>;

/** A form as an object: `filter[from]` is a field of a field, a name that is repeated is a list, as are the fields `0`, `1`, … */
function parseForm(text: string): unknown {
  const form: Fields = new Map();
  for (const [name, value] of new URLSearchParams(text)) {
    const [first = "", ...rest] = name.split("[").map((part) => part.replace(/\]$/, ""));
    let fields = form;
    let key = first;
    for (const next of rest) {
      const inner = fields.get(key);
      const made = inner instanceof Map ? inner : new Map();
      fields.set(key, made);
      fields = made;
      key = next === "" ? String(made.size) : next;
    }
    const before = fields.get(key);
    if (before === undefined || before instanceof Map) fields.set(key, value);
    else fields.set(key, [...[before].flat(), value]);
  }
  return toObject(form);
}

function toObject(fields: Fields): unknown {
  const entries = [...fields].map(
    ([name, value]) => [name, value instanceof Map ? toObject(value) : value] as const,
  );
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
