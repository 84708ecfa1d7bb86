import { type Expression, parseValue, type Step, type Value, type Workflow } from "@outhaul/spec";
import type { Api } from "../spec/open-api.js";

/** A step of a workflow, and all that its request is made of. */
export interface RequestParts {
  readonly workflow: Workflow;
  readonly step: Step;
  readonly api: Api;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The outputs of earlier steps, by `step.name`. */
  readonly outputs: ReadonlyMap<string, unknown>;
  readonly serverUrl: string;
  /** The part of the file that is asked for, after the first. */
  readonly page?: { readonly name: string; readonly in: string; readonly value: string } | undefined;
}

/** The request of a step, as the spec has it. @throws {SyntaxError} if the spec has no such operation */
export function exampleRequest(parts: RequestParts): { url: string; init: RequestInit } {
  const { workflow, step, api, serverUrl, page } = parts;
  const operation = api.operations.find(({ id }) => id === step.operationId);
  if (!operation) throw new SyntaxError(`the spec has no operation ${step.operationId}`);
  const headers = new Headers();
  const query = new URLSearchParams();
  let { path } = operation;
  for (const { name, in: place, value: given } of [
    ...(workflow.parameters ?? []),
    ...(step.parameters ?? []),
  ]) {
    const isPage = page?.name === name && page.in === place;
    const value = isPage ? page.value : resolve(parseValue(given), parts);
    if (value === undefined) continue;
    const explode = operation.parameters.find((one) => one.name === name && one.in === place)?.explode;
    if (place === "path") path = path.replaceAll(`{${name}}`, encodeURIComponent(String(value)));
    else if (place === "header") headers.set(name, String(value));
    else if (Array.isArray(value) && explode !== false)
      for (const one of value) query.append(name, String(one));
    else query.append(name, String(value));
  }
  if (page?.in === "query") query.set(page.name, page.value);
  const [basic] = workflow["x-security"] ?? step["x-security"] ?? [];
  if (basic) {
    const { username, password } = resolve(parseValue(basic.values), parts) as Record<string, unknown>;
    headers.set("authorization", `Basic ${btoa(`${username}:${password}`)}`);
  }
  const { method } = operation;
  const init: RequestInit = { method, headers };
  const [documented] = operation.body?.contents ?? [];
  const { payload, contentType = documented?.mediaType ?? "application/json" } = step.requestBody ?? {};
  if (payload) {
    headers.set("content-type", contentType);
    const body = resolve(parseValue(payload), parts);
    init.body = contentType.includes("json") ? JSON.stringify(body) : formOf(body);
  }
  const search = query.size ? `?${query}` : "";
  return { url: serverUrl + path + search, init };
}

function resolve(value: Value | undefined, parts: RequestParts): unknown {
  switch (value?.kind) {
    case undefined:
      return undefined;
    case "literal":
      return value.value;
    case "template":
      return value.parts
        .map((part) => (typeof part === "string" ? part : String(resolve(part as Expression, parts) ?? "")))
        .join("");
    case "object":
      return Object.fromEntries(value.fields.map(([name, inner]) => [name, resolve(inner, parts)]));
    case "list":
      return value.items.map((item) => resolve(item, parts));
    case "input":
      return parts.inputs[value.name];
    case "output":
      return parts.outputs.get(`${value.step}.${value.name}`);
    default:
      return undefined; // a request reads no reply
  }
}

/** An object as a form: what is in an object is named with brackets, and a list repeats its name. */
function formOf(value: unknown): URLSearchParams {
  const form = new URLSearchParams();
  const add = (name: string, inner: unknown): void => {
    if (inner === undefined || inner === null) return;
    if (Array.isArray(inner)) for (const item of inner) add(name, item);
    else if (typeof inner === "object")
      for (const [key, each] of Object.entries(inner)) add(name === "" ? key : `${name}[${key}]`, each);
    else form.append(name, String(inner));
  };
  add("", value);
  return form;
}
