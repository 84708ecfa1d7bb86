// `npm run release:version`: turns the changesets into versions and changelogs, and renews what holds a version: ranges, the lockfile, the generated packages.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import planning from "@changesets/get-release-plan";
import { environment } from "../install.mjs";
import { root } from "../vendors.js";
import { followers } from "./follow.js";
import { readPackages } from "./packages.js";

const USAGE = `npm run release:version [-- --snapshot NAME]

  --snapshot NAME  versions such as 0.2.0-NAME-20261122103000, to be published as a dist-tag and thrown away; not "latest"`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let snapshot: string | undefined;
  try {
    ({ snapshot } = parseArgs({ args, options: { snapshot: { type: "string" } } }).values);
    if (snapshot !== undefined && (!/^[a-z][a-z0-9-]*$/.test(snapshot) || snapshot === "latest"))
      throw new Error(
        `"${snapshot}" is no name of a snapshot: use small letters, digits and dashes, such as "next".`,
      );
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const before = readPackages(root);
  const { changesets, releases } = await plan();
  if (changesets.length === 0) {
    console.log("No changeset, so there is nothing to version. npx changeset writes one.");
    return snapshot === undefined ? 0 : 2;
  }
  for (const { name, type, leader } of followers(before, releases)) {
    const text = `Goes with \`${leader.name}\` ${leader.newVersion}, whose types and errors are part of this package.`;
    writeFileSync(
      `${root}.changeset/follow-${name.replace(/\W+/g, "-")}.md`,
      `---\n"${name}": ${type}\n---\n\n${text}\n`,
    );
  }
  const steps = [
    ["npx", "--no", "changeset", "version", ...(snapshot === undefined ? [] : ["--snapshot", snapshot])],
    [process.execPath, "--import", "tsx/esm", "packages/codegen/src/cli/main.ts", "generate"],
    ["npx", "--no", "biome", "check", "--write", "packages"],
    ["npm", "install", "--package-lock-only", "--ignore-scripts", "--prefer-offline", "--loglevel=error"],
  ];
  for (const [command = "", ...rest] of steps) {
    const { status, stdout, stderr } = spawnSync(command, rest, {
      cwd: root,
      encoding: "utf8",
      env: environment,
      shell: process.platform === "win32" && command !== process.execPath,
    });
    if (status === 0) continue;
    console.error(
      `${stdout}${stderr}\n${command} ${rest.join(" ")} failed. git checkout . brings back what was there.`,
    );
    return 1;
  }
  for (const { name, version } of readPackages(root)) {
    const old = before.find((each) => each.name === name)?.version;
    if (old !== version) console.log(`${name} ${old} → ${version}`);
  }
  return 0;
}

function plan() {
  // CommonJS under Node's ESM: the function is the default of the default.
  const module = planning as unknown as { default?: typeof planning };
  return (module.default ?? planning)(root);
}
