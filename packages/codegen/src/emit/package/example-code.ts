import { credentialInputs } from "@outhaul/spec";
import type { VendorPlan } from "../../plan/vendor-plan.js";
import { pascalCase } from "../../text/names.js";

/** Writes a complete program that runs a vendor's first workflow. */
export function exampleCode({
  vendor,
  packageName,
  options: { credentials, variables },
  workflows,
}: VendorPlan): string {
  const name = pascalCase(vendor);
  const client = name[0]?.toLowerCase() + name.slice(1);
  const required = [
    ...(credentials[0] ?? []),
    ...variables.filter((variable) => variable.default === undefined),
  ];
  const options = required.map((option) => `${option.name}: process.env.${option.env} ?? "",`);
  const [plan] = workflows;
  const example = plan?.workflow.inputs.examples?.[0] ?? {};
  const secrets = plan ? credentialInputs(plan.workflow) : [];
  const request = Object.fromEntries(Object.entries(example).filter(([key]) => !secrets.includes(key)));
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
