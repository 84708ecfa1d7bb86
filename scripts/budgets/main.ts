// `npm run budgets`: what each vendor package costs its users, against budgets.json.
import { readFileSync } from "node:fs";
import { follow, type OpenApi, readOperations, type Schema } from "@outhaul/spec";
import { parse } from "yaml";
import { readVendors, root } from "../vendors.js";
import { bundleBytes } from "./bundle-bytes.js";
import { limitsOfWords } from "./limits-of-words.js";
import { runtimeDependencies } from "./runtime-dependencies.js";
import { countInstantiations, type Program } from "./type-instantiations.js";

const limits = JSON.parse(readFileSync(`${root}budgets.json`, "utf8"));
let passed = 0;
const over: string[] = [];

function check(what: string, value: number, limit: number, unit: string): void {
  const ok = value <= limit;
  const line = `${ok ? "  ok  " : "  OVER"} ${what}: ${value.toLocaleString("en")} of ${limit.toLocaleString("en")} ${unit}`;
  console.log(line);
  if (ok) passed++;
  else over.push(line);
}

const vendors = readVendors();
const programs = vendors.flatMap(({ name, packageName, createName, workflows }): Program[] => {
  const [workflow] = workflows;
  if (!workflow) return [];
  const client = `import { ${createName} } from "${packageName}";\ndeclare const options: Parameters<typeof ${createName}>[0];\nconst client = ${createName}(options);\n`;
  const start = `const job = await client.${workflow.id}(${JSON.stringify(workflow.example)});\nconst file = await job.save("exports/");\nexport const size: number = file.sizeBytes;\n`;
  const get = firstGet(name);
  const call = `export const answer = await client.api.GET(${get});\nexport const status: number = answer.response.status;\n`;
  return [{ name, steps: [client + start, ...(get === undefined ? [] : [client + call])] }];
});

/** The arguments of a call by GET: of one that needs nothing, where there is one. Undefined for a vendor that has none. */
function firstGet(name: string): string | undefined {
  const document: OpenApi = parse(readFileSync(`${root}specs/${name}/openapi.yaml`, "utf8"));
  const gets = readOperations(document)
    .filter(({ method }) => method === "GET")
    .map(({ path, parameters }) => ({ path, required: parameters.filter(({ required }) => required) }));
  const get = gets.find(({ required }) => required.length === 0) ?? gets[0];
  if (!get) return undefined;
  const { path, required } = get;
  const params: Record<string, Record<string, unknown>> = {};
  for (const { name: parameter = "", in: place = "query", schema } of required)
    params[place] = { ...params[place], [parameter]: sampleOf(document, schema) };
  return JSON.stringify(path) + (required.length > 0 ? `, ${JSON.stringify({ params })}` : "");
}

function sampleOf(document: OpenApi, schema: Schema | undefined): unknown {
  const { type, enum: words } = schema ? follow(document, schema, []).value : {};
  if (words?.length) return words[0];
  return [type].flat().some((one) => one === "integer" || one === "number") ? 1 : "1";
}

const instantiations = countInstantiations(programs);
for (const { name, packageName } of vendors) {
  const { first, download, all } = await bundleBytes(packageName);
  const [ofExport = Number.NaN, ofCall] = instantiations.get(name) ?? [];
  const words = limitsOfWords(name, limits.words);
  check(
    `${packageName}, what an import loads`,
    first,
    limits.firstLoadBytes + words.first,
    "bytes (minified, brotli)",
  );
  check(
    `${packageName}, what the first download loads included`,
    download,
    limits.downloadBytes + words.download,
    "bytes (minified, brotli)",
  );
  check(`${packageName}, everything`, all, limits.bundleBytes + words.download, "bytes (minified, brotli)");
  check(
    `${packageName}, starting and saving an export`,
    ofExport,
    limits.instantiationsOfAnExport,
    "instantiations",
  );
  if (ofCall !== undefined)
    check(
      `${packageName}, and calling an operation`,
      ofCall,
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
console.log(`${passed} passed, ${over.length} failed`);
if (over.length > 0) {
  // Again at the end: a log may keep no more than that.
  for (const line of over) console.log(line);
  console.log(
    "A budget is raised in budgets.json, in a commit that says why; `words` there is what a word of a spec may cost the vendors that have it.",
  );
  process.exitCode = 1;
}
