import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Outcome, run, succeed } from "../scripts/copy/run.js";
import { root } from "../scripts/vendors.js";

const modules = fileURLToPath(new URL("node_modules/", import.meta.url));
const bun = `${modules}@oven/bun-linux-x64/bin/bun`;

/** A package manager, and the runtime that its users' programs run on. */
const managers = {
  npm: { install: ["npm", "install", "--loglevel=error"], runtime: process.execPath },
  pnpm: { install: [process.execPath, `${modules}pnpm/bin/pnpm.cjs`, "add"], runtime: process.execPath },
  // Bun keeps for five minutes what it was told of versions.
  bun: { install: [bun, "add", "--no-cache"], runtime: bun },
};

/** An empty project of a user. */
export interface Consumer {
  readonly manager: keyof typeof managers;
  readonly folder: string;
  /** Adds or upgrades a package, as in `@outhaul/shared@latest`. */
  install(wanted: string): Promise<void>;
  /** The names of all that was installed. */
  installed(): string[];
  /** Compiles a program of the user's, strictly, the libraries' types included. */
  compile(program: string): Promise<Outcome>;
  /** Runs a program of the user's. @returns what it printed */
  run(program: string, env?: NodeJS.ProcessEnv): Promise<string>;
}

/** One empty project for each package manager. */
export function makeConsumers(parent: string, env: NodeJS.ProcessEnv): Consumer[] {
  return Object.entries(managers).map(([name, { install, runtime }]): Consumer => {
    const manager = name as keyof typeof managers; // a key of it
    const folder = join(parent, manager);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "consumer", private: true, type: "module" }),
    );
    const compilerOptions = {
      ...{ strict: true, skipLibCheck: false, noEmit: true, types: [] },
      ...{ target: "es2022", lib: ["es2022", "dom"], module: "nodenext" },
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
    return {
      manager,
      folder,
      async install(wanted) {
        await succeed([...install, wanted], { cwd: folder, env });
      },
      installed: () => installedNames(folder),
      compile(program) {
        writeFileSync(join(folder, "program.ts"), program);
        return run([process.execPath, `${root}node_modules/typescript/bin/tsc`, "-p", "."], {
          cwd: folder,
          env,
        });
      },
      async run(program, more = {}) {
        writeFileSync(join(folder, "program.mjs"), program);
        return (await succeed([runtime, "program.mjs"], { cwd: folder, env: { ...env, ...more } })).trim();
      },
    };
  });
}

/** pnpm keeps the packages under .pnpm; the others keep them flat, where nothing clashes. */
function installedNames(folder: string): string[] {
  const modules = join(folder, "node_modules");
  const stores = readdirSync(modules).includes(".pnpm")
    ? readdirSync(join(modules, ".pnpm"))
        .filter((name) => name.includes("@") && !name.startsWith("."))
        .map((name) => join(modules, ".pnpm", name, "node_modules"))
    : [modules];
  const names = stores.flatMap((store) =>
    readdirSync(store)
      .filter((name) => !name.startsWith("."))
      .flatMap((name) =>
        name.startsWith("@") ? readdirSync(join(store, name)).map((own) => `${name}/${own}`) : [name],
      )
      .map((name): string => JSON.parse(readFileSync(join(store, name, "package.json"), "utf8")).name),
  );
  return [...new Set(names)].sort();
}
