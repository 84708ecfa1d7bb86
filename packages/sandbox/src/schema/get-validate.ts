import type { Ajv2020 } from "ajv/dist/2020.js";
import { compiled } from "./compiled.js";
import type { NamedSchema, Validate } from "./validate.js";

/** Returns the validator of a schema: the one of the build, or else one that is compiled now. */
export async function getValidate(named: NamedSchema): Promise<Validate> {
  const found = named.name === undefined ? undefined : compiled[named.name];
  return found ?? (await compileOnce(named));
}

/** What was compiled, by the components that it refers to: sandboxes of one spec, as tests make them by the dozen, share it. */
const compiledHere = new WeakMap<object, Map<string, Promise<Validate>>>();

function compileOnce(named: NamedSchema): Promise<Validate> {
  const { schema, coerceTypes, components } = named;
  if (typeof components !== "object" || components === null) return compileSchema(named);
  let known = compiledHere.get(components);
  if (!known) {
    known = new Map();
    compiledHere.set(components, known);
  }
  const key = JSON.stringify([schema, coerceTypes]);
  let validate = known.get(key);
  if (!validate) {
    validate = compileSchema(named);
    known.set(key, validate);
  }
  return validate;
}

/** Knows what a schema may be; it is the slowest of all to compile. */
let ofSchemas: Ajv2020 | undefined;

/**
 * Compiles a schema.
 * @throws {Error} if the runtime allows no code from texts, as under a Content-Security-Policy without 'unsafe-eval'
 */
async function compileSchema({ schema, coerceTypes, components }: NamedSchema): Promise<Validate> {
  // Loaded here, so that a sandbox of the built-in vendors carries no compiler.
  const [{ Ajv2020 }, { default: formats }] = await Promise.all([
    import("ajv/dist/2020.js"),
    import("ajv-formats"),
  ]);
  const ajv = new Ajv2020({
    strict: false,
    coerceTypes: coerceTypes ? "array" : false,
    validateSchema: false,
    logger: false,
  });
  formats.default(ajv);
  try {
    // Not by the ajv of the schema, which would compile the schema of schemas each time.
    ofSchemas ??= new Ajv2020({ strict: false, logger: false });
    ofSchemas.validateSchema({ allOf: [schema ?? true] }, true);
    return ajv.compile({ allOf: [schema ?? true], components });
  } catch (cause) {
    if (!(cause instanceof EvalError)) throw cause;
    throw new Error(
      "a spec of your own is compiled at run time, which this runtime or page does not allow: run the sandbox in Node, or allow 'unsafe-eval'",
      { cause },
    );
  }
}
