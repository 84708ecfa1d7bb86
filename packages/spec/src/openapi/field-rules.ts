import { follow, type OpenApi, type Schema } from "./openapi.js";

/** What fields of a request have to do with each other, as far as a type can say it. */
export type FieldRule =
  /** One of these has to be given. */
  | { readonly kind: "some"; readonly fields: readonly string[] }
  /** With the first, the second must not be given. */
  | { readonly kind: "apart"; readonly fields: readonly [string, string] }
  /** With the first, the others have to be given. */
  | { readonly kind: "together"; readonly field: string; readonly needs: readonly string[] };

/** A schema with the keywords that speak of several fields; `true` and `false` are schemas too. */
interface RuleSchema extends Omit<Schema, "properties"> {
  readonly properties?: Readonly<Record<string, Schema | boolean>>;
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly dependentSchemas?: Readonly<Record<string, RuleSchema | boolean>>;
  readonly if?: RuleSchema | boolean;
  readonly then?: RuleSchema | boolean;
  readonly not?: RuleSchema | boolean;
}

/**
 * Reads the rules between the fields of a request's body that a type can hold its users to: which are given, not what is in them. All others are checked by
 * the command line, the sandbox and the vendor only.
 * @param literals fields that are always sent, which users do not give
 */
export function fieldRules(
  document: OpenApi,
  body: Schema | undefined,
  literals: readonly string[],
): readonly FieldRule[] {
  const schemas = parts(document, body);
  const known = new Set(schemas.flatMap(({ properties }) => Object.keys(properties ?? {})));
  for (const name of literals) known.delete(name);
  const rules = new Map<string, FieldRule>();
  for (const rule of schemas.flatMap((schema) => [
    ...dependent(schema),
    ...conditional(schema),
    ...branches(schema),
  ])) {
    const names = rule.kind === "together" ? [rule.field, ...rule.needs] : rule.fields;
    if (!names.every((name) => known.has(name))) continue;
    rules.set(`${rule.kind} ${(rule.kind === "apart" ? [...names].sort() : names).join(" ")}`, rule);
  }
  return [...rules.values()];
}

/** A schema and all that hold together with it. */
function parts(document: OpenApi, schema: Schema | undefined, depth = 0): RuleSchema[] {
  if (!schema || depth > 20) return [];
  const { value } = follow(document, schema, []);
  return [value as RuleSchema, ...(value.allOf ?? []).flatMap((part) => parts(document, part, depth + 1))];
}

function dependent(schema: RuleSchema): FieldRule[] {
  const required = Object.entries(schema.dependentRequired ?? {}).map(
    ([field, needs]): FieldRule => ({ kind: "together", field, needs }),
  );
  const schemas = Object.entries(schema.dependentSchemas ?? {}).flatMap(([field, then]) =>
    typeof then === "boolean" ? [] : consequences(field, then),
  );
  return [...required, ...schemas];
}

/** What a schema that holds when a field is there requires and forbids. */
function consequences(field: string, then: RuleSchema): FieldRule[] {
  const apart = forbidden(then).map((other): FieldRule => ({ kind: "apart", fields: [field, other] }));
  return then.required?.length ? [...apart, { kind: "together", field, needs: then.required }] : apart;
}

/** `if` fields are missing, `then` others are required: one of them all has to be given. `if` a field is there, `then` others are required or forbidden. */
function conditional({ if: when, then }: RuleSchema): FieldRule[] {
  if (typeof when !== "object" || typeof then !== "object") return [];
  const missing = forbidden(when);
  const [there, ...more] = when.required ?? [];
  // Any other condition makes the rule hold in fewer cases than a type would say.
  const others = Object.keys(when).filter(
    (key) => !/^(type|properties|required|additionalProperties)$/.test(key),
  );
  if (others.length > 0 || more.length > 0 || missing.length < Object.keys(when.properties ?? {}).length)
    return [];
  if (when.additionalProperties !== undefined && when.additionalProperties !== true) return [];
  if (there === undefined)
    return (then.required ?? []).map((name): FieldRule => ({ kind: "some", fields: [...missing, name] }));
  return missing.length > 0 ? [] : consequences(there, then);
}

/** `anyOf` and `oneOf` whose branches each only require one field, and `not` with two required ones. */
function branches({ anyOf, oneOf, not }: RuleSchema): FieldRule[] {
  const any = onlyRequired(anyOf);
  const one = onlyRequired(oneOf);
  const rules: FieldRule[] = [];
  if (any) rules.push({ kind: "some", fields: any });
  if (one) rules.push({ kind: "some", fields: one }, ...pairs(one));
  if (typeof not === "object" && Object.keys(not).length === 1 && not.required?.length === 2)
    rules.push({ kind: "apart", fields: [not.required[0] as string, not.required[1] as string] });
  return rules;
}

function onlyRequired(schemas: readonly Schema[] | undefined): string[] | undefined {
  if (!schemas?.length) return undefined;
  const names = schemas.map((schema) =>
    Object.keys(schema).length === 1 && schema.required?.length === 1 ? schema.required[0] : undefined,
  );
  return names.every((name) => name !== undefined) ? names : undefined;
}

function pairs(names: readonly string[]): FieldRule[] {
  return names.flatMap((first, at) =>
    names.slice(at + 1).map((second): FieldRule => ({ kind: "apart", fields: [first, second] })),
  );
}

/** The fields that a schema says must not be there. */
function forbidden({ properties }: RuleSchema): string[] {
  return Object.entries(properties ?? {}).flatMap(([name, schema]) => (schema === false ? [name] : []));
}
