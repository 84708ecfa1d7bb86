// `npm run release`: puts on the registry what is not there yet, after all checks of the packed packages; what was checked is what is published, byte for byte.
import { spawnSync } from "node:child_process";
import { environment } from "../install.mjs";
import { root } from "../vendors.js";
import { obstacle } from "./obstacle.js";
import { type ReleaseOptions, readOptions, USAGE } from "./options.js";
import { readPackages } from "./packages.js";
import { isPublished, publish } from "./registry.js";

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  let options: ReleaseOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  try {
    return await release(options);
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

async function release(options: ReleaseOptions): Promise<number> {
  const waiting = readPackages(root).filter((each) => !isPublished(each));
  if (waiting.length === 0) {
    console.log("Nothing to publish: every version is on the registry.");
    return options.tag === "latest" && !options.dryRun ? tagCommit() : 0;
  }
  const problem = obstacle(waiting, options, process.env);
  if (problem !== undefined) {
    console.error(`Nothing was published: ${problem}`);
    return 2;
  }
  for (const script of ["check:generated", "build"]) {
    const { status, stdout, stderr } = run("npm", "run", "--silent", script);
    if (status === 0) continue;
    console.error(`${stdout}${stderr}\nNothing was published: npm run ${script} failed.`);
    return 1;
  }
  // The checks run the sandbox, which is there when it has been built.
  const { checkPackages } = await import("../packed/check-packages.js");
  const { tarballs, passed, failed } = await checkPackages(`${root}.cache/release`);
  console.log(`${passed} of ${passed + failed} checks of the packed packages passed.`);
  if (failed > 0) {
    console.error("Nothing was published: the packed packages did not pass their checks.");
    return 1;
  }
  for (const [index, { name, version }] of waiting.entries()) {
    const tarball = tarballs.find((each) => each.name === name && each.version === version);
    if (!tarball) throw new Error(`npm packed no ${name} ${version}`);
    if (options.dryRun) {
      console.log(`would publish ${name} ${version} as ${options.tag}`);
      continue;
    }
    try {
      publish(tarball.file, options);
    } catch (error) {
      const left = waiting.slice(index).map((each) => `${each.name} ${each.version}`);
      console.error(`${messageOf(error)}\n\n${name} ${version} could not be published. Still to publish: ${left.join(", ")}.
Run npm run release again when the cause is gone: what is published is not published twice.`);
      return 1;
    }
    console.log(`published ${name} ${version} as ${options.tag}`);
  }
  return options.tag === "latest" && !options.dryRun ? tagCommit() : 0;
}

/** Makes a git tag for every version that has none, as in `@outhaul/shared@0.1.0`. */
function tagCommit(): number {
  const { status, stdout, stderr } = run("npx", "--no", "changeset", "tag");
  if (status !== 0) console.error(`${stdout}${stderr}\nThe tags could not be made: npx changeset tag`);
  return status === 0 ? 0 : 1;
}

function run(command: string, ...args: string[]) {
  return spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    env: environment,
    shell: process.platform === "win32",
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
