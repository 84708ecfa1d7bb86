import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig } from "../config/read-config.js";
import { createRepository, type Repository } from "../config/repository.js";

/** The root of the repository that these sources are in. */
export const ownRoot = fileURLToPath(new URL("../../../../", import.meta.url));

/** The folder of the fixtures' specs. */
export const fixtureSpecs = fileURLToPath(new URL("fixtures/specs/", import.meta.url));

/** A repository at a path that is laid out as this one is. */
export function repositoryAt(root: string): Repository {
  return createRepository(root, readConfig(ownRoot));
}

/** Makes a repository of the fixtures' specs in a temporary folder, for tests. */
export async function fixtureRepository(): Promise<{ repository: Repository; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), "outhaul-generate-"));
  await cp(fixtureSpecs, join(root, "specs"), { recursive: true });
  for (const file of ["LICENSE", "biome.json"]) await cp(join(ownRoot, file), join(root, file));
  await mkdir(join(root, "packages/shared"), { recursive: true });
  await writeFile(
    join(root, "packages/shared/package.json"),
    '{ "name": "@outhaul/shared", "version": "1.2.3" }',
  );
  return { repository: repositoryAt(root), remove: () => rm(root, { recursive: true }) };
}
