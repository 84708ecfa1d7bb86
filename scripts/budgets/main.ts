// `npm run budgets`: what each vendor package costs its users, against budgets.json.
import { readFileSync } from "node:fs";
import { readVendors, root } from "../vendors.js";
import { bundleBytes } from "./bundle-bytes.js";
import { runtimeDependencies } from "./runtime-dependencies.js";
import { countInstantiations, type Program } from "./type-instantiations.js";

const limits = JSON.parse(readFileSync(`${root}budgets.json`, "utf8"));
let passed = 0;
let failed = 0;

function check(what: string, value: number, limit: number, unit: string): void {
  const ok = value <= limit;
  if (ok) passed++;
  else failed++;
  const line = `${ok ? "  ok  " : "  OVER"} ${what}: ${value.toLocaleString("en")} of ${limit.toLocaleString("en")} ${unit}`;
  console.log(line);
}

const vendors = readVendors();
const programs = vendors.flatMap(({ packageName, createName, workflows }): Program[] => {
  const [workflow] = workflows;
  if (!workflow) return [];
  const client = `import { ${createName} } from "${packageName}";\ndeclare const options: Parameters<typeof ${createName}>[0];\nconst client = ${createName}(options);\n`;
  const start = `const job = await client.${workflow.id}(${JSON.stringify(workflow.example)});\nconst file = await job.save("exports/");\nexport const size: number = file.sizeBytes;\n`;
  const call = `export const answer = await client.api.GET(${firstGet(packageName)});\nexport const status: number = answer.response.status;\n`;
  return [
    { name: `${packageName} export`, text: client + start },
    { name: `${packageName} api`, text: client + start + call },
  ];
});

/** The arguments of a call: a path without parameters, where there is one. */
function firstGet(packageName: string): string {
  const schema = readFileSync(`${root}packages/${packageName.split("/")[1]}/src/generated/schema.ts`, "utf8");
  const paths = schema.slice(
    schema.indexOf("export interface paths"),
    schema.indexOf("export type webhooks"),
  );
  const gets = [...paths.matchAll(/^ {2}"?(\/[^":]*)"?: \{\n([\s\S]*?)^ {2}\};/gm)].flatMap(
    ([, path = "", body = ""]) => (/^ {4}get: operations/m.test(body) ? [path] : []),
  );
  const path = gets.find((each) => !each.includes("{")) ?? gets[0] ?? "";
  const variables = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => [name, "1"]);
  const params = { path: Object.fromEntries(variables) };
  return JSON.stringify(path) + (variables.length > 0 ? `, ${JSON.stringify({ params })}` : "");
}

const instantiations = countInstantiations(programs);
for (const { name, packageName } of vendors) {
  const { first, download, all } = await bundleBytes(packageName);
  check(`${packageName}, what an import loads`, first, limits.firstLoadBytes, "bytes (minified, brotli)");
  check(
    `${packageName}, what the first download loads included`,
    download,
    limits.downloadBytes,
    "bytes (minified, brotli)",
  );
  check(`${packageName}, everything`, all, limits.bundleBytes, "bytes (minified, brotli)");
  check(
    `${packageName}, starting and saving an export`,
    instantiations.get(`${packageName} export`) ?? Number.NaN,
    limits.instantiationsOfAnExport,
    "instantiations",
  );
  check(
    `${packageName}, and calling an operation`,
    instantiations.get(`${packageName} api`) ?? Number.NaN,
    limits.instantiationsOfAnApiCall,
    "instantiations",
  );
  const others = runtimeDependencies(`${root}packages/${name}`).filter(
    (dependency) => !limits.dependencies.includes(dependency),
  );
  check(
    `${packageName}, runtime dependencies beside ${limits.dependencies.join(", ")}`,
    others.length,
    0,
    others.join(", ") || "packages",
  );
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) {
  console.log("A budget is raised in budgets.json, in a commit that says why.");
  process.exitCode = 1;
}
