import type { OpenApi } from "../../language/openapi.js";
import { readOptions } from "../../load/client-options.js";
import type { WorkflowPlan } from "../../plan/plan.js";
import { comment, header, sentence } from "../../text/comment.js";
import { nameList } from "../../text/name-list.js";
import { pascalCase } from "../../text/names.js";
import { definitionCode } from "./definition-code.js";
import { optionsCode } from "./options-code.js";

/** `client.ts`: the vendor's options, the client's interface, and the function that makes it. */
export function clientCode(
  vendor: string,
  version: string,
  document: OpenApi,
  plans: readonly WorkflowPlan[],
): string {
  const { title } = document.info;
  const name = pascalCase(vendor);
  const options = readOptions(vendor, document);
  const code = [
    ...optionsCode(name, title, options),
    "",
    comment(sentence(`The client of ${title}`), document.info.description),
    `export interface ${name} {`,
    comment(
      "Every documented operation, typed from the spec. Look at `response.ok`, not at `error`: an empty reply has no error text.",
      ...(document["x-errors"]?.when === undefined
        ? []
        : [`@throws \`ApiError\` when ${title} reports an error with a code of success`]),
    ),
    "readonly api: ApiClient<paths>;",
    ...plans.flatMap(methodCode),
    comment(
      "Goes on with a job from its token, also in another process. Sends nothing.",
      "@throws `ResumeTokenError` when the token is of another vendor, version or account",
    ),
    "resume(token: string): ExportJob;",
    "}",
    "",
    definitionCode(vendor, version, document, options, plans),
    "",
    comment(
      `Makes a client of ${title}.`,
      "@throws {TypeError} naming the option that is missing, empty or wrong",
    ),
    `export function create${name}(options: ${name}Options): ${name} {`,
    "const client = createClient<paths>(definition, options);",
    "return { get api() { return client.api; },",
    ...plans.map(
      (plan) => `${plan.name}: (request, startOptions) => client.start(${plan.name}, request, startOptions),`,
    ),
    "resume: (token) => client.resume(token),",
    "};\n}",
  ].join("\n");
  return [header(vendor), ...importsOf(code, plans), "", code].join("\n");
}

function importsOf(code: string, plans: readonly WorkflowPlan[]): string[] {
  const shared = ["ApiClient", "ClientOptions", "Credential", "ExportJob", "StartOptions"].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(code),
  );
  const values = ["at", "createClient", "firstText", "matchesText"].filter((name) =>
    new RegExp(`\\b${name}[(<]`).test(code),
  );
  const workflows = plans.map(
    ({ name, typeName, file }) =>
      `import { ${nameList([name], [`${typeName}Request`, `${typeName}Status`])} } from "./${file}.js";`,
  );
  const files = [...workflows, 'import type { paths } from "./schema.js";'].sort((a, b) =>
    fileOf(a) < fileOf(b) ? -1 : 1,
  );
  return [
    `import type { ${shared.join(", ")} } from "@outhaul/shared";`,
    `import { ${nameList(values, ["ClientDefinition"])} } from "@outhaul/shared/runtime";`,
    ...files,
  ];
}

function fileOf(line: string): string {
  return line.slice(line.indexOf(' from "'));
}

function methodCode({ name, typeName, workflow }: WorkflowPlan): string[] {
  const pages = (workflow["x-docs"] ?? []).map(({ url, read }) => `@see ${url} (read ${read})`);
  return [
    comment(
      sentence(workflow.summary ?? ""),
      workflow.description,
      "Resolves when the vendor has accepted the job.",
      ...pages,
    ),
    `${name}(request: ${typeName}Request, options?: StartOptions): Promise<ExportJob<${typeName}Status>>;`,
  ];
}
