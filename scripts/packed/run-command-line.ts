import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { listen } from "@outhaul/sandbox/node";
import { snakeCase } from "../../packages/codegen/src/text/names.js";
import type { Vendor } from "../vendors.js";
import { type Finding, problemOf } from "./run.js";

/** Runs an export of every vendor with the installed command line, as `npx outhaul` does. */
export async function runCommandLine(project: string, vendors: readonly Vendor[]): Promise<Finding[]> {
  const sandbox = await listen({ jobs: { polls: 0, sizeBytes: 10_000 } });
  try {
    return await Promise.all(
      vendors.map(async ({ name, workflows: [workflow] }): Promise<Finding> => {
        const what = `the installed outhaul exports from ${name}`;
        const folder = `${project}/cli-${name}`;
        mkdirSync(folder, { recursive: true });
        const options = Object.entries(sandbox.vendors[name]?.clientOptions ?? {});
        const env = Object.fromEntries(
          options.map(([option, value]) => [`OUTHAUL_${snakeCase(name)}_${snakeCase(option)}`, value]),
        );
        const request = JSON.stringify(workflow?.example ?? {});
        const args = [
          "-c",
          `echo "$REQUEST" | "$PROGRAM" ${name} ${workflow?.id} --input - -o exports/ --quiet`,
        ];
        const problem = await problemOf("sh", args, {
          cwd: folder,
          env: {
            ...{
              PATH: process.env["PATH"],
              XDG_STATE_HOME: `${folder}/state`,
              XDG_CONFIG_HOME: `${folder}/config`,
            },
            ...{ PROGRAM: `${project}/node_modules/.bin/outhaul`, REQUEST: request, ...env },
          },
        });
        if (problem !== undefined) return { what, problem };
        const files = existsSync(`${folder}/exports`) ? readdirSync(`${folder}/exports`) : [];
        return files.length === 1 ? { what } : { what, problem: `it left ${files.join(", ") || "nothing"}` };
      }),
    );
  } finally {
    await sandbox.close();
  }
}
