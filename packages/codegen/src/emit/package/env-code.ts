import type { VendorPlan } from "../../plan/vendor-plan.js";
import { comment } from "../../text/comment.js";
import { nameList } from "../../text/name-list.js";
import { pascalCase, snakeCase } from "../../text/names.js";

/** Writes `env.ts`, which creates a client from the environment. It is an entry of its own, so that others do not load it. */
export function envCode({ vendor, title, notice, options }: VendorPlan): string {
  const name = pascalCase(vendor);
  const create = `create${name}FromEnv`;
  const { credentials, variables } = options;
  const pair = ({ name: option, env }: { name: string; env: string }) => JSON.stringify([option, env]);
  const isRequired = (variable: { default?: string }) => variable.default === undefined;
  const baseUrl = { name: "baseUrl", env: `OUTHAUL_${snakeCase(vendor)}_BASE_URL` };
  const required = variables.filter(isRequired).map(pair);
  const optional = [...variables.filter((variable) => !isRequired(variable)), baseUrl].map(pair);
  const [way = []] = credentials;
  const example = way.map(({ env }) => `\`${env}\``).join(", ");
  const about = [
    `Creates a client of ${title} whose options come from the environment: ${example || "see the README"} and the others that the README lists, as for \`outhaul\`.`,
    "```ts",
    `const ${vendor.replaceAll("-", "_")} = ${create}();`,
    "```",
  ].join("\n");
  return [
    `// ${notice}`,
    `import { ${nameList(["readEnvironment"], ["EnvironmentOptions"])} } from "@outhaul/shared/env";`,
    `import { ${nameList([`create${name}`], [name, `${name}Options`])} } from "./index.js";`,
    "",
    "const TABLE = {",
    `name: ${JSON.stringify(create)},`,
    `ways: [${credentials.map((one) => `[${one.map(pair).join(", ")}]`).join(", ")}],`,
    `required: [${required.join(", ")}],`,
    `optional: [${optional.join(", ")}],`,
    "} as const;",
    "",
    'export type { EnvironmentOptions } from "@outhaul/shared/env";',
    "",
    comment(
      about,
      "@param options go before what the environment has",
      "@param from another environment, or another account in it",
      "@throws `TypeError` when a variable is missing; the message names it",
    ),
    `export function ${create}(options: Partial<${name}Options> = {}, from?: EnvironmentOptions): ${name} {`,
    `// The table has every option that is needed.`,
    `return create${name}({ ...readEnvironment(TABLE, options, from), ...options } as ${name}Options);`,
    "}",
    "",
  ].join("\n");
}
