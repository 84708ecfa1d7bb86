import { parseArgs } from "node:util";

export const USAGE = `npm run release [-- --tag NAME] [--dry-run] [--no-provenance]

Publishes every version that is not on the registry yet: builds, checks the packed packages, publishes those very files, and tags the commit.
  --tag NAME       the dist-tag; needed for snapshots, which never become "latest"
  --dry-run        does all but publish
  --no-provenance  for a registry that knows none; npm's own is served by the release workflow, which proves where a package was built`;

export interface ReleaseOptions {
  readonly tag: string;
  readonly dryRun: boolean;
  readonly provenance: boolean;
}

/** @throws with one line that says what is wrong with the arguments */
export function readOptions(args: string[]): ReleaseOptions {
  const { values } = parseArgs({
    args,
    options: {
      tag: { type: "string", default: "latest" },
      "dry-run": { type: "boolean", default: false },
      "no-provenance": { type: "boolean", default: false },
    },
  });
  if (!/^[a-z][a-z0-9-]*$/.test(values.tag))
    throw new Error(`"${values.tag}" is no dist-tag: use small letters, digits and dashes, such as "next".`);
  return { tag: values.tag, dryRun: values["dry-run"], provenance: !values["no-provenance"] };
}
