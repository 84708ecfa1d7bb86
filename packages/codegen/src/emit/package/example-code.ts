import { credentialInputs } from "@outhaul/spec";
import type { VendorOptions } from "../../load/client-options.js";
import type { VendorPlan } from "../../plan/vendor-plan.js";
import type { WorkflowPlan } from "../../plan/workflow-plan.js";
import { pascalCase } from "../../text/names.js";

/** Writes a complete program that runs a vendor's first workflow. */
export function exampleCode({
  vendor,
  packageName,
  options: optionsOfVendor,
  workflows,
}: VendorPlan): string {
  const name = pascalCase(vendor);
  const client = clientName(vendor);
  const options = neededOptions(optionsOfVendor);
  const [plan] = workflows;
  const request = plan ? exampleRequest(plan) : {};
  return [
    `import { create${name} } from "${packageName}";`,
    "",
    `const ${client} = create${name}({\n${options.join("\n")}\n});`,
    "",
    `const job = await ${client}.${plan?.name}({\n${JSON.stringify(request, null, 2).slice(1, -1)}});`,
    "const deadline = { timeoutMs: 3 * 3_600_000 }; // three hours",
    "for await (const event of job.events(deadline)) console.log(event.type, job.snapshot.state);",
    "",
    'const file = await job.save("exports/", { ...deadline, createDirs: true });',
    "console.log(file.path, file.sizeBytes, file.integrity);",
  ].join("\n");
}

/** The example of the function that creates a client, as a tag of its comment. */
export function createExample({ vendor, options }: VendorPlan): string {
  const lines = neededOptions(options).map((line) => `  ${line}`);
  return exampleTag([`const ${clientName(vendor)} = create${pascalCase(vendor)}({`, ...lines, "});"]);
}

/** The example of a method that starts an export. */
export function startExample(vendor: string, plan: WorkflowPlan): string {
  return exampleTag([
    `const job = await ${clientName(vendor)}.${plan.name}(${literalCode(exampleRequest(plan))});`,
    'const file = await job.save("exports/", { timeoutMs: 3 * 3_600_000, createDirs: true });',
    "console.log(file.path, file.sizeBytes, file.integrity);",
  ]);
}

/** A line for each option that a client needs, from the environment. */
function neededOptions({ credentials, variables }: VendorOptions): string[] {
  const needed = [
    ...(credentials[0] ?? []),
    ...variables.filter((variable) => variable.default === undefined),
  ];
  return needed.map(({ name, env }) => `${name}: process.env.${env} ?? "",`);
}

function exampleTag(lines: readonly string[]): string {
  return ["@example", "```ts", ...lines, "```"].join("\n");
}

function clientName(vendor: string): string {
  const name = pascalCase(vendor);
  return name[0]?.toLowerCase() + name.slice(1);
}

/** A complete request without the credentials. */
function exampleRequest({ workflow }: WorkflowPlan): Record<string, unknown> {
  const secrets = credentialInputs(workflow);
  const example = workflow.inputs.examples?.[0] ?? {};
  return Object.fromEntries(Object.entries(example).filter(([key]) => !secrets.includes(key)));
}

/** A value of JSON as one writes it by hand: an object has a field a line, what is inside stands on it. */
function literalCode(value: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(value).map(([name, one]) => `  ${keyCode(name)}: ${inlineCode(one)},`);
  return fields.length === 0 ? "{}" : `{\n${fields.join("\n")}\n}`;
}

function inlineCode(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineCode).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, one]) => `${keyCode(name)}: ${inlineCode(one)}`);
  return `{ ${fields.join(", ")} }`;
}

function keyCode(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
