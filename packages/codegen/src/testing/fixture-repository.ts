import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("./", import.meta.url));

/** Makes a repository of the fixtures' specs in a temporary folder, for tests. */
export async function fixtureRepository(): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), "outhaul-generate-"));
  await cp(join(here, "fixtures/specs"), join(root, "specs"), { recursive: true });
  for (const file of ["LICENSE", "biome.json"]) await cp(join(here, "../../../..", file), join(root, file));
  await mkdir(join(root, "packages/shared"), { recursive: true });
  await writeFile(
    join(root, "packages/shared/package.json"),
    '{ "name": "@outhaul/shared", "version": "1.2.3" }',
  );
  return { root, remove: () => rm(root, { recursive: true }) };
}
