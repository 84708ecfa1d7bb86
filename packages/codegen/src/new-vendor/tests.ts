import { pascalCase } from "../text/names.js";
import type { AuthKind, Template } from "./options.js";

/** Writes the first quirks.test.ts of a vendor, about the words of the states. */
export function quirksTest({ name }: Template): string {
  return `import { describe, expect, it } from "vitest";
import { quick, useVendor } from "../run-vendor.js";

const setup = useVendor("${name}");

// FILL IN: what this vendor does that others do not. What holds for all is in ../every-vendor.test.ts.
describe("a status word", () => {
  it.each([
    ["queued", "queued"],
    ["running", "running"],
    ["done", "succeeded"],
    ["failed", "failed"],
    ["archived", "unknown"],
  ])("%j means %s", async (word, state) => {
    setup.listening.sandbox.configure({ polls: 100 });
    const job = await setup.start();
    setup.listening.sandbox.fault({ kind: "unknownStatus", word });
    expect((await job.refresh()).state).toBe(state);
  });
});

it("a job that failed tells the vendor's reason", async () => {
  setup.listening.sandbox.configure({ outcome: "failed", polls: 0 });
  const job = await setup.start();
  await expect(job.wait(quick)).rejects.toThrow("Too many rows.");
});
`;
}

const OPTIONS: Record<AuthKind, string> = {
  bearer: `{ token: "secret" }`,
  header: `{ apiKey: "secret" }`,
  query: `{ apiKey: "secret" }`,
  oauth2: `{ clientId: "acme", clientSecret: "secret" }`,
  basic: `{ username: "ada", password: "secret" }`,
};

/** Writes the first types.test-d.ts of a vendor. */
export function typesTest({ name, auth }: Template, packageName: string): string {
  const create = `create${pascalCase(name)}`;
  return `// Compiled by \`tsc -p specs\`, never run.
import { ${create}, type ExportJob } from "${packageName}";
import { expectTypeOf } from "vitest";

const client = ${create}(${OPTIONS[auth]});
// @ts-expect-error: without credentials there is no client
${create}({});

const job = await client.createExport({ name: "Nightly", format: "csv" });
expectTypeOf(job).toExtend<ExportJob>();
// FILL IN: what the request has to hold, and may hold.
await client.createExport({ name: "Nightly" });
// @ts-expect-error: an export has a name
await client.createExport({ format: "csv" });
// @ts-expect-error: no such format
await client.createExport({ name: "Nightly", format: "pdf" });
`;
}
