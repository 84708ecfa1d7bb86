import type { Manifest } from "@outhaul/spec";

/** The program that does outside of the page what was run in it. */
export function codeOf(
  { vendor, create, credentials, options }: Manifest,
  workflow: string,
  request: Readonly<Record<string, unknown>>,
): string {
  const [first = []] = credentials;
  const needed = options.filter((each) => each.default === undefined);
  const lines = [...first, ...needed].map(({ option, env }) => `  ${option}: process.env.${env} ?? "",`);
  return [
    `import { ${create} } from "@outhaul/${vendor}";`,
    "",
    `const client = ${create}({\n${lines.join("\n")}\n});`,
    `const job = await client.${workflow}(${literal(request)});`,
    `const file = await job.save("exports/", { createDirs: true, timeoutMs: 3 * 3_600_000 });`,
    "console.log(file.path, file.sizeBytes, file.integrity);",
  ].join("\n");
}

/** A value as it stands in a program: names without quotes where they need none. */
function literal(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, "$1$2:");
}
