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
        const { clientOptions = {} } = sandbox.vendors[vendor.name] ?? {};
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
          env: { ...process.env, ...env },
        });
        if (problem !== undefined) return { what, problem };
        const saved = existsSync(`${folder}/exports`) ? readdirSync(`${folder}/exports`) : [];
        const [file] = saved;
        if (saved.length !== 1 || !file || statSync(`${folder}/exports/${file}`).size < 100_000)
          return { what, problem: `it left ${saved.length ? saved.join(", ") : "nothing"} under exports/` };
        return { what };
      }),
    );
  } finally {
    await sandbox.close();
  }
}
