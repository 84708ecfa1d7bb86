import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { listen } from "@outhaul/sandbox/node";
import { transform } from "esbuild";
import { snakeCase } from "../../packages/codegen/src/text/names.js";
import type { Example } from "./examples.js";
import { type Finding, problemOf } from "./run.js";

/** Runs each example as it stands, against the sandbox: only the address of the vendor is put in, or stands in the environment. Each has to leave a file under exports/. */
export async function runExamples(project: string, examples: readonly Example[]): Promise<Finding[]> {
  const sandbox = await listen({ jobs: { polls: 0, sizeBytes: 100_000 } });
  try {
    return await Promise.all(
      examples.map(async ({ name, vendor, text }): Promise<Finding> => {
        const what = `the example ${name} runs`;
        const listening = sandbox.vendors[vendor.name];
        if (!listening) return { what, problem: `the sandbox has no ${vendor.name}` };
        const { clientOptions } = listening;
        const folder = `${project}/run-${name}`;
        const opening = `${vendor.createName}({`;
        const fromEnvironment = `${vendor.createName}FromEnv(`;
        if (!text.includes(opening) && !text.includes(fromEnvironment))
          return { what, problem: `it calls neither ${opening} … }) nor ${fromEnvironment})` };
        const { baseUrl } = clientOptions as Record<string, string>;
        const program = text.replace(opening, `${opening} baseUrl: ${JSON.stringify(baseUrl)},`);
        const { code } = await transform(program, { loader: "ts", format: "esm", target: "node20" });
        writeFileSync(`${project}/examples/${name}.mjs`, code);
        const env = Object.fromEntries(
          Object.entries<unknown>(clientOptions).map(([option, value]) => [
            `OUTHAUL_${snakeCase(vendor.name)}_${snakeCase(option)}`.toUpperCase(),
            String(value),
          ]),
        );
        mkdirSync(folder, { recursive: true });
        const problem = await problemOf(process.execPath, [`${project}/examples/${name}.mjs`], {
          cwd: folder,
          env: { ...process.env, ...signInOf(text), ...env },
        });
        if (problem !== undefined) return { what, problem };
        const saved = existsSync(`${folder}/exports`) ? readdirSync(`${folder}/exports`) : [];
        const [file] = saved;
        const smallest = Math.min(
          ...listening.sandbox.jobs().map(({ id }) => listening.sandbox.fileOf(id).sizeBytes),
        );
        if (saved.length !== 1 || !file || sizeOf(`${folder}/exports/${file}`) < smallest)
          return { what, problem: `it left ${saved.length ? saved.join(", ") : "nothing"} under exports/` };
        return { what };
      }),
    );
  } finally {
    await sandbox.close();
  }
}

/** The variables that a program names, with the sandbox's own values of a sign-in, such as `sandbox-client-id`. */
function signInOf(text: string): Record<string, string> {
  const named = text.matchAll(/process\.env\.(\w+_(CLIENT_ID|CLIENT_SECRET|REFRESH_TOKEN))\b/g);
  return Object.fromEntries(
    [...named].map(([, variable = "", option = ""]) => [
      variable,
      `sandbox-${option.toLowerCase().replaceAll("_", "-")}`,
    ]),
  );
}

/** The bytes of a file, or of all files of a folder. */
function sizeOf(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path).reduce((sum, name) => sum + statSync(`${path}/${name}`).size, 0);
}
