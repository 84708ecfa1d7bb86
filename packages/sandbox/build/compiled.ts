import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import addFormats from "ajv-formats";
import { type Plugin, transform } from "esbuild";
import { specs } from "../src/generated/index.js";
import { listRequestSchemas } from "../src/request/request-schemas.js";
import type { NamedSchema } from "../src/schema/validate.js";
import { readApi } from "../src/spec/open-api.js";
import { jobChangeSchema, postedFaultSchema } from "../src/vendor/admin-schemas.js";

/** Gives the compiled validators to the modules that import `schema/compiled.ts`. */
export const compiledPlugin: Plugin = {
  name: "compiled",
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/]schema[\\/]compiled\.ts$/ }, async () => {
      const { code } = await transform(compiledModule(), { minify: true, format: "esm", target: "es2022" });
      return { contents: code };
    });
  },
};

/** Writes the module that has a validator for each schema that the sandbox itself knows. */
export function compiledModule(): string {
  const groups = [
    [jobChangeSchema, postedFaultSchema],
    ...Object.values(specs).map(({ vendor, openapi }) => listRequestSchemas(readApi(openapi), vendor)),
  ];
  const parts = groups.flatMap((group) =>
    [false, true].flatMap((coerceTypes) => {
      const schemas = group.filter((each) => each.coerceTypes === coerceTypes);
      return schemas.length > 0 ? [validatorsOf(schemas, coerceTypes)] : [];
    }),
  );
  const imports = new Map<string, string>();
  const body = parts.map((part) => importRequired(part, imports)).join(",\n");
  return `${[...imports.values()].join("\n")}\nexport const compiled = Object.assign({},\n${body});\n`;
}

/** Writes an expression: the validators of schemas with the same components, by name. */
function validatorsOf(schemas: readonly NamedSchema[], coerceTypes: boolean): string {
  const ajv = new Ajv2020({
    strict: false,
    coerceTypes: coerceTypes ? "array" : false,
    code: { source: true, lines: false },
  });
  addFormats.default(ajv);
  // One document for all of them, so that a component that many refer to becomes one function.
  const { components } = schemas[0] ?? {};
  ajv.addSchema({ $id: "document", components, schemas: schemas.map(({ schema }) => schema ?? true) });
  const ids = schemas.map((_, index) => `schema${index}`);
  for (const [index, id] of ids.entries()) ajv.addSchema({ $id: id, $ref: `document#/schemas/${index}` });
  const code = standaloneCode.default(ajv, Object.fromEntries(ids.map((id) => [id, id])));
  const members = schemas.map(({ name = "" }, index) => `${JSON.stringify(name)}: exports.schema${index}`);
  return `(() => {\nconst exports = {};\n${code}\nreturn { ${members.join(", ")} };\n})()`;
}

/** Turns what the code requires into imports, whatever a bundler makes of a CommonJS module's default. */
function importRequired(code: string, imports: Map<string, string>): string {
  return code.replace(/require\("([^"]+)"\)/g, (_, specifier: string) => {
    const name = `required${[...imports.keys(), specifier].indexOf(specifier)}`;
    const file = `${specifier}.js`;
    imports.set(
      specifier,
      `import * as ${name}Module from ${JSON.stringify(file)};\nconst ${name} = ${name}Module.default?.__esModule ? ${name}Module.default : ${name}Module;`,
    );
    return name;
  });
}
