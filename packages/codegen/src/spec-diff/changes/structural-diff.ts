import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Bump } from "./change.js";

/** One difference between two OpenAPI documents. */
export interface Difference {
  /** The path to it: the tokens of its JSON pointer. */
  readonly path: readonly string[];
  readonly kind: "added" | "removed" | "modified";
  /** The keyword that differs, if both documents have something at `path`. */
  readonly property?: string;
  readonly base?: unknown;
  readonly revision?: unknown;
  /** The bump that the tool proposes. */
  readonly impact: Bump;
}

const redocly = join(
  dirname(createRequire(import.meta.url).resolve("@redocly/cli/package.json")),
  "bin/cli.js",
);

/** Finds the differences between two documents without references by `redocly diff`. No other file knows it. */
export async function structuralDiff(base: unknown, revision: unknown): Promise<Difference[]> {
  if (isDeepStrictEqual(base, revision)) return [];
  const folder = await mkdtemp(join(tmpdir(), "outhaul-diff-"));
  try {
    await writeFile(join(folder, "base.json"), JSON.stringify(base));
    await writeFile(join(folder, "revision.json"), JSON.stringify(revision));
    const [status, said] = await new Promise<[unknown, string]>((resolve) => {
      const args = [redocly, "diff", "base.json", "revision.json", "--format=json", "--output=report.json"];
      execFile(
        process.execPath,
        args,
        {
          cwd: folder,
          env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
        },
        (error, stdout, stderr) => resolve([error?.code ?? 0, stdout + stderr]),
      );
    });
    const text = await readFile(join(folder, "report.json"), "utf8").catch(() => undefined);
    if (text === undefined) throw new Error(`redocly diff ended with ${status}: ${said.slice(-500)}`);
    const { changes }: { changes: RawChange[] } = JSON.parse(text);
    return changes.map(({ path, kind, property, base, revision, impact }) => ({
      path: path
        .replace(/^#\//, "")
        .split("/")
        .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")),
      kind,
      ...(property === undefined ? {} : { property }),
      base: base?.value,
      revision: revision?.value,
      impact,
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface RawChange {
  path: string;
  kind: Difference["kind"];
  property?: string;
  base?: { value?: unknown };
  revision?: { value?: unknown };
  impact: Bump;
}
