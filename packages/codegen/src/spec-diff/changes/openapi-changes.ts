import type { OpenApi } from "@outhaul/spec";
import { at, callsOf, isObject, operationName, type View } from "./calls.js";
import { type Bump, type Change, code, documentationChange } from "./change.js";
import { openWordChanges } from "./open-word-changes.js";
import { schemaChange } from "./schema-changes.js";
import { type Difference, structuralDiff } from "./structural-diff.js";
import type { Classified } from "./value-changes.js";

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

/** Finds the changes of a vendor's operations. `redocly diff` finds the differences; the generated types decide the bump. */
export async function openapiChanges(base: OpenApi, now: OpenApi): Promise<Change[]> {
  const [before, after] = [callsOf(base), callsOf(now)];
  const differences = await structuralDiff(before, after);
  const view: View = {
    before,
    after,
    nameOf: (path) => operationName(after, path) ?? operationName(before, path),
  };
  return [
    ...differences.flatMap((difference) => classify(difference, differences, view)),
    ...openWordChanges(before, after, view.nameOf),
    ...typeNameChanges(base, now),
  ];
}

function classify(difference: Difference, all: readonly Difference[], view: View): Change[] {
  const { path, kind, property, base, revision, impact } = difference;
  const operation = view.nameOf(path);
  const told = (change: Classified): Change[] => [
    { ...change, ...(operation === undefined ? {} : { operations: [operation] }) },
  ];
  const about = (bump: Bump, text: string): Change[] => told({ bump, text });
  const [root, address = "", method, part] = path;
  if (root !== "paths" || isInExample(path)) return [];
  if (property?.startsWith("x-") || property === "example" || property === "examples" || property === "tags")
    return [];
  if (part === undefined) {
    if (kind === "removed") return removedCalls(view, address, method);
    if (kind === "added") return addedCalls(view, address, method);
    if (property === "key") return removedCalls(view, String(base ?? ""), method);
    if (property === "operationId")
      return [{ bump: "major", text: `The operation ${code(base)} is called ${code(revision)} now` }];
    if (property === "summary" || property === "description") return told(documentationChange("a call"));
    if (property === "deprecated")
      return about("patch", revision === true ? "A call is deprecated" : "A call is not deprecated any more");
    return about(impact, `${property ?? "Something"} of a call is different`);
  }
  if (part === "responses") {
    const status = path[4] ?? "";
    if (path.length === 5 && kind === "added")
      return about(bumpOfReply(view.after, path), `A reply ${code(status)} is documented`);
    if (path.length === 5 && property === "key")
      return about("major", `The reply ${code(base)} is ${code(revision ?? status)} now`);
    if (path.length === 5 && kind === "removed")
      return about("major", `The reply ${code(status)} is not documented any more`);
    if (path[5] === "content" && path.length === 7)
      return about(
        "major",
        kind === "added"
          ? `A reply may also be ${code(path[6])}`
          : `A reply is not ${code(path[6])} any more`,
      );
  }
  const found = schemaChange(difference, all, view);
  return found === undefined ? [] : told(found);
}

/** The bump of a new reply. It widens the type of the body, unless another reply of its kind has the same body. */
function bumpOfReply(after: unknown, path: readonly string[]): Bump {
  const responses = at(after, path.slice(0, 4));
  const status = path[4] ?? "";
  const bodyOf = (reply: unknown): string =>
    JSON.stringify(at(reply, ["content"]) ?? null, (key, value) =>
      /^(examples?|description|title)$/.test(key) ? undefined : value,
    );
  const own = bodyOf(at(responses, [status]));
  const others = Object.entries(isObject(responses) ? responses : {}).filter(
    ([other]) => other !== status && other.startsWith("2") === status.startsWith("2"),
  );
  return own === "null" || others.some(([, reply]) => bodyOf(reply) === own) ? "minor" : "major";
}

function removedCalls({ before, after }: View, address: string, method: string | undefined): Change[] {
  return callNames(before, address, method).map((name) => {
    const moved = addressOf(after, name);
    return moved === undefined
      ? { bump: "major", text: `The operation ${code(name)} is gone` }
      : {
          bump: "major",
          text: `The address of ${code(name)} is ${code(moved)} now, and was ${code(address)}`,
        };
  });
}

function addedCalls({ before, after }: View, address: string, method: string | undefined): Change[] {
  return callNames(after, address, method)
    .filter((name) => addressOf(before, name) === undefined)
    .map((name) => ({ bump: "minor", text: `There is a new operation ${code(name)}` }));
}

function addressOf(document: unknown, name: string): string | undefined {
  const paths = at(document, ["paths"]);
  return Object.keys(isObject(paths) ? paths : {}).find((address) =>
    callNames(document, address, undefined).includes(name),
  );
}

/** True for a path into an example. Examples are used by the sandbox, and are not in the package. */
function isInExample(path: readonly string[]): boolean {
  return path.some(
    (token, index) => /^examples?$/.test(token) && index > 3 && path[index - 1] !== "properties",
  );
}

function callNames(document: unknown, address: string, method: string | undefined): string[] {
  const item = at(document, ["paths", address]);
  return methods
    .filter((one) => (method === undefined || one === method) && at(item, [one]) !== undefined)
    .map((one) => String(at(item, [one, "operationId"]) ?? `${one.toUpperCase()} ${address}`));
}

/** Finds the changes of named schemas, which are types of the package: `components["schemas"]["Export"]`. */
function typeNameChanges(base: OpenApi, now: OpenApi): Change[] {
  const after = now.components?.schemas ?? {};
  return Object.keys(base.components?.schemas ?? {})
    .filter((name) => !Object.hasOwn(after, name))
    .map((name) => ({ bump: "major", text: `The type ${code(`components["schemas"]["${name}"]`)} is gone` }));
}
