import type { VendorPlan } from "../../plan/vendor-plan.js";
import { statusType, typesOf, type WorkflowPlan } from "../../plan/workflow-plan.js";
import { comment, sentence } from "../../text/comment.js";
import { nameList } from "../../text/name-list.js";
import { pascalCase } from "../../text/names.js";
import { createExample, startExample } from "../package/example-code.js";
import { importsOfShared } from "../workflow/feature-imports.js";
import { definitionCode } from "./definition-code.js";
import { optionsCode } from "./options-code.js";

/** Writes `client.ts`: the options, the client's interface, and the function that creates it. */
export function clientCode(plan: VendorPlan): string {
  const { vendor, title, document, options, workflows } = plan;
  const name = pascalCase(vendor);
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
    ...workflows.flatMap((workflow) => methodCode(workflow, startOptionsOf(plan), vendor)),
    comment(
      "Goes on with a job from its token, also in another process. Sends nothing.",
      "@throws `ResumeTokenError` when the token is of another vendor, version or account",
    ),
    "resume(token: string): ExportJob;",
    "}",
    "",
    definitionCode(plan),
    "",
    comment(
      `Makes a client of ${title}.`,
      createExample(plan),
      "@throws {TypeError} naming the option that is missing, empty or wrong",
    ),
    `export function create${name}(options: ${name}Options): ${name} {`,
    `const client = ${workflows.some(({ oneStep }) => oneStep) ? "createOneStepClient" : "createClient"}<paths>(definition, options);`,
    "return { get api() { return client.api; },",
    ...workflows.map(
      (workflow) =>
        `${workflow.name}: (request, startOptions) => client.start(${workflow.name}, request, startOptions),`,
    ),
    "resume: (token) => client.resume(token),",
    "};\n}",
  ].join("\n");
  return [`// ${plan.notice}`, ...importsOf(code, workflows), "", code].join("\n");
}

function importsOf(code: string, plans: readonly WorkflowPlan[]): string[] {
  const shared = [
    "ApiClient",
    "ClientOptions",
    "Credential",
    "ExportJob",
    "StartOptions",
    "TimedStartOptions",
  ].filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const values = ["at", "createClient", "firstText", "matchesText"].filter((name) =>
    new RegExp(`\\b${name}[(<]`).test(code),
  );
  const workflows = plans.map(
    (one) => `import { ${nameList([one.name], typesOf(one))} } from "./${one.file}.js";`,
  );
  const files = [...workflows, 'import type { paths } from "./schema.js";'].sort((a, b) =>
    fileOf(a) < fileOf(b) ? -1 : 1,
  );
  return [
    `import type { ${shared.join(", ")} } from "@outhaul/shared";`,
    ...importsOfShared(
      code,
      `import { ${nameList(values, ["ClientDefinition"])} } from "@outhaul/shared/runtime";`,
    ),
    ...files,
  ];
}

function fileOf(line: string): string {
  return line.slice(line.indexOf(' from "'));
}

/** The type of a start's options. */
function startOptionsOf({ limits }: VendorPlan): string {
  return limits.isTimed ? "TimedStartOptions" : "StartOptions";
}

function methodCode(plan: WorkflowPlan, startOptions: string, vendor: string): string[] {
  const { name, typeName, workflow, oneStep } = plan;
  const pages = (workflow["x-docs"] ?? []).map(({ url, read }) => `@see ${url} (read ${read})`);
  return [
    comment(
      sentence(workflow.summary ?? ""),
      workflow.description,
      oneStep
        ? "Resolves at once: the request is sent when the file is asked for, and again with each download."
        : "Resolves when the vendor has accepted the job.",
      startExample(vendor, plan),
      ...pages,
    ),
    `${name}(request: ${typeName}Request, options?: ${startOptions}): Promise<ExportJob<${statusType(plan)}>>;`,
  ];
}
