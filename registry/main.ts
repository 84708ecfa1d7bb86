// `npm run test:registry`: the whole way of a release, on a real registry on loopback, from a first version to users' upgrades, in a copy of the repository.
import { deepEqual, equal, match } from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installFolder } from "../runtimes/install.mjs";
import { copyRepository } from "../scripts/copy/repository.js";
import { succeed } from "../scripts/copy/run.js";
import { readExamples } from "../scripts/packed/examples.js";
import { runExamples } from "../scripts/packed/run-examples.js";
import { readPackages } from "../scripts/release/packages.js";
import { readVendors, root } from "../scripts/vendors.js";
import { makeConsumers } from "./consumers.js";
import { publishThirdParties } from "./third-parties.js";
import { startVendor } from "./vendor-server.js";
import { startRegistry } from "./verdaccio.js";

const VENDOR = "carma";
const PACKAGE = `@outhaul/${VENDOR}`;
const RELEASE = ["npm", "run", "--silent", "release", "--", "--no-provenance"];
const VERSION = ["npm", "run", "--silent", "release:version"];

/** Compiles only when the period of the changed spec is in the types. */
const TYPED = `import { createCarma } from "${PACKAGE}";
const carma = createCarma({ token: "t", server: "s", customerId: "1" });
export const job = await carma.exportStatistics({ exportType: "OPENS", period: "LAST_30_DAYS" });
`;
/** Prints the state that the client makes of the word of \`startVendor\`. */
const ASKING = `import { createCarma } from "${PACKAGE}";
const carma = createCarma({ baseUrl: process.env.VENDOR_URL, token: "t", server: "s", customerId: "1" });
const job = await carma.exportStatistics({ exportType: "OPENS", period: "LAST_DAY" });
console.log((await job.refresh()).state);
`;

installFolder(fileURLToPath(new URL(".", import.meta.url)));
// Outside the repository: what looks for settings in the folders above finds none of ours.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "outhaul-registry-")));
const registry = await startRegistry(`${folder}/registry`);
const vendor = await startVendor("COMPLETED");
let passed = 0;
let failed = 0;
try {
  await story();
} catch (error) {
  failed++;
  const cause = error instanceof Error && error.cause ? ` (${String(error.cause)})` : "";
  console.log(((error instanceof Error ? error.message : String(error)) + cause).replace(/^/gm, "    "));
} finally {
  vendor.close();
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

/** What comes later stands on what came before, so that the first failure ends it. */
async function step(what: string, run: () => Promise<void>): Promise<void> {
  const startedAt = Date.now();
  try {
    await run();
    passed++;
  } catch (error) {
    console.log(`  FAILED ${what}`);
    throw error;
  }
  if (process.env["VERBOSE"]) console.log(`${what} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

async function story(): Promise<void> {
  const repository = await copyRepository(`${folder}/repository`, registry.env);
  const consumers = makeConsumers(`${folder}/consumers`, registry.env);
  const packages = readPackages(root);
  const tagsOf = async (name: string): Promise<Record<string, string>> => {
    const response = await fetch(registry.url + name.replace("/", "%2f"));
    return response.ok ? ((await response.json())["dist-tags"] ?? {}) : {};
  };
  const versionOf = (name: string) => JSON.parse(repository.read(`packages/${name}/package.json`)).version;
  const now = versionOf(VENDOR);

  await publishThirdParties(registry.url, `${folder}/third-parties`);

  await step("a release from a developer's machine has to be asked for", async () => {
    const { code, said } = await repository.run("npm", "run", "--silent", "release");
    match(said, /Nothing was published: releases are published by the release workflow/);
    equal(code, 2);
  });
  await step("a release of what is not committed is refused", async () => {
    repository.write("stray.txt", "");
    const { code, said } = await repository.run(...RELEASE);
    match(said, /Nothing was published: the tree has changes that are not committed/);
    equal(code, 2);
    await repository.reset("HEAD");
  });
  await step("a check that fails on a packed package keeps all from being published", async () => {
    repository.replace(
      "packages/shared/package.json",
      '"./package.json": "./package.json"',
      '"./package.json": "./missing.json"',
    );
    await repository.commit("Break a package");
    const { code, said } = await repository.run(...RELEASE);
    match(said, /FAILED publint outhaul-shared-/);
    match(said, /Nothing was published: the packed packages did not pass their checks/);
    equal(code, 1);
    for (const { name } of packages) deepEqual(await tagsOf(name), {}, `${name} was published`);
    await repository.reset("HEAD~1");
  });
  await step("all packages are published, and the commit is tagged", async () => {
    const { code, said } = await repository.run(...RELEASE);
    equal(code, 0, said);
    for (const { name, version } of packages) deepEqual(await tagsOf(name), { latest: version });
    const tags = await succeed(["git", "tag", "--points-at", "HEAD"], { cwd: repository.folder, env: {} });
    deepEqual(
      tags.trim().split("\n").sort(),
      packages.map(({ name, version }) => `${name}@${version}`).sort(),
    );
  });
  await step("a second release says that there is nothing to publish", async () => {
    const { code, said } = await repository.run(...RELEASE);
    match(said, /^Nothing to publish: every version is on the registry\.$/m);
    equal(code, 0);
  });

  const example = readExamples(readVendors()).filter(({ name }) => name.startsWith(`packages-${VENDOR}`));
  for (const consumer of consumers) {
    const { manager } = consumer;
    await step(`${manager}: one vendor is installed, with its two dependencies and theirs`, async () => {
      await consumer.install(PACKAGE);
      deepEqual(consumer.installed(), [
        PACKAGE,
        "@outhaul/shared",
        "openapi-fetch",
        "openapi-typescript-helpers",
      ]);
    });
    await step(`${manager}: the README's example runs against the sandbox`, async () => {
      equal(example.length, 1);
      mkdirSync(`${consumer.folder}/examples`, { recursive: true });
      deepEqual(
        await runExamples(consumer.folder, example),
        example.map(({ name }) => ({ what: `the example ${name} runs` })),
      );
    });
    await step(`${manager}: what the next version brings is not there yet`, async () => {
      match((await consumer.compile(TYPED)).said, /program\.ts.*TS2\d+.*LAST_30_DAYS/s);
      equal(await consumer.run(ASKING, { VENDOR_URL: vendor.url }), "unknown");
      match(vendor.agents.at(-1) ?? "", new RegExp(`${VENDOR}/${now}\\b`));
    });
  }
  await step("npm ls knows of these alone, all from the registry on loopback", async () => {
    const cwd = `${folder}/consumers/npm`;
    const listed = await succeed(["npm", "ls", "--all", "--parseable", "--loglevel=error"], {
      cwd,
      env: registry.env,
    });
    const names = listed
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/^.*node_modules\//, ""));
    deepEqual(names.sort(), [PACKAGE, "@outhaul/shared", "openapi-fetch", "openapi-typescript-helpers"]);
    const { packages: locked } = JSON.parse(readFileSync(`${cwd}/package-lock.json`, "utf8"));
    for (const [path, { resolved }] of Object.entries<{ resolved?: string }>(locked))
      if (path !== "") match(resolved ?? "", new RegExp(`^${registry.url}`));
  });

  await step("a changed spec and a changeset become versions, ranges and changelogs", async () => {
    repository.replace(
      `specs/${VENDOR}/openapi.yaml`,
      "LAST_WEEK, LAST_2_WEEKS]",
      "LAST_WEEK, LAST_2_WEEKS, LAST_30_DAYS]",
    );
    repository.replace(
      `specs/${VENDOR}/exports.arazzo.yaml`,
      "'^\\s*FINISHED\\s*$'",
      "'^\\s*(FINISHED|COMPLETED)\\s*$'",
    );
    const generated = await repository.run(
      process.execPath,
      "--import",
      "tsx/esm",
      "packages/codegen/src/cli/main.ts",
      "generate",
    );
    equal(generated.code, 0, generated.said);
    repository.write(
      ".changeset/period.md",
      `---\n"${PACKAGE}": minor\n"@outhaul/shared": minor\n"@outhaul/sandbox": patch\n---\n\n\`period\` also takes \`LAST_30_DAYS\`.\n`,
    );
    await repository.commit("Take a longer period");
    const { code, said } = await repository.run(...VERSION);
    equal(code, 0, said);
    match(said, new RegExp(`^${PACKAGE} ${now} → 0\\.2\\.0$`, "m"));
    match(
      repository.read(`packages/${VENDOR}/CHANGELOG.md`),
      /## 0\.2\.0\s+### Minor Changes\s+.*LAST_30_DAYS/s,
    );
    for (const { name } of readVendors()) {
      const manifest = JSON.parse(repository.read(`packages/${name}/package.json`));
      equal(manifest.version, "0.2.0", `${name} goes with a shared package that broke`);
      equal(manifest.dependencies["@outhaul/shared"], "^0.2.0");
    }
    const lock = JSON.parse(repository.read("package-lock.json")).packages[`packages/${VENDOR}`];
    deepEqual([lock.version, lock.dependencies], ["0.2.0", { "@outhaul/shared": "^0.2.0" }]);
    const check = await repository.run("npm", "run", "--silent", "check:generated");
    equal(check.code, 0, check.said);
    await repository.commit("Version");
  });
  await step("the new versions are published, with their changelogs", async () => {
    const { code, said } = await repository.run(...RELEASE);
    equal(code, 0, said);
    deepEqual(await tagsOf(PACKAGE), { latest: "0.2.0" });
  });
  for (const consumer of consumers) {
    await step(`${consumer.manager}: an upgrade brings the new types and the new behaviour`, async () => {
      await consumer.install(`${PACKAGE}@latest`);
      deepEqual(await consumer.compile(TYPED), { code: 0, said: "" });
      equal(await consumer.run(ASKING, { VENDOR_URL: vendor.url }), "succeeded");
      match(vendor.agents.at(-1) ?? "", new RegExp(`${VENDOR}/0\\.2\\.0\\b`));
      equal(
        existsSync(`${consumer.folder}/node_modules/${PACKAGE}/CHANGELOG.md`),
        true,
        "the changelog is in the package",
      );
    });
  }

  await step("a snapshot without a changeset is refused", async () => {
    const { code, said } = await repository.run(...VERSION, "--", "--snapshot", "next");
    match(said, /^No changeset/);
    equal(code, 2);
  });
  await step("a snapshot goes under its own dist-tag, and leaves latest where it was", async () => {
    repository.write(".changeset/try.md", `---\n"${PACKAGE}": patch\n---\n\nTries something.\n`);
    const versioned = await repository.run(...VERSION, "--", "--snapshot", "next");
    equal(versioned.code, 0, versioned.said);
    const asLatest = await repository.run(...RELEASE);
    match(asLatest.said, /is a snapshot, which must not become "latest"/);
    equal(asLatest.code, 2);
    const { code, said } = await repository.run(...RELEASE, "--tag", "next");
    equal(code, 0, said);
    const { latest, next } = await tagsOf(PACKAGE);
    equal(latest, "0.2.0");
    match(next ?? "", /^0\.2\.1-next-\d{14}$/);
    equal((await tagsOf("@outhaul/shared"))["next"], undefined, "what did not change has no snapshot");
    const [first] = consumers;
    await first?.install(`${PACKAGE}@next`);
    equal(await first?.run(ASKING, { VENDOR_URL: vendor.url }), "succeeded");
  });
}
