import { pascalCase } from "../../text/names.js";
import type { DocumentParts } from "./document.js";

/** Writes the first tests of a vendor: about the words of its states, and the types of its request. */
export function specTests(
  parts: DocumentParts,
  request: object,
  packageName: string,
): { quirks: string; types: string } {
  return { quirks: quirksTest(parts), types: typesTest(parts, request, packageName) };
}

function quirksTest({ vendor, draft: { status, failureReason } }: DocumentParts): string {
  const words = (status?.words ?? []).filter(({ word }) => typeof word === "string");
  const rows = words.map(({ word, state }) => `    [${JSON.stringify(word)}, "${state}"],`);
  const table = `describe("a status word", () => {
  it.each([
${rows.join("\n")}
    ["a word that is not known", "unknown"],
  ])("%j means %s", async (word, state) => {
    setup.listening.sandbox.configure({ polls: 100 });
    const job = await setup.start();
    setup.listening.sandbox.fault({ kind: "unknownStatus", word });
    expect((await job.refresh()).state).toBe(state);
  });
});
`;
  const reason = `
it("a job that failed tells the vendor's reason", async () => {
  setup.listening.sandbox.configure({ outcome: "failed", polls: 0 });
  const job = await setup.start();
  await expect(job.wait(quick)).rejects.toThrow("Too many rows.");
});
`;
  const hasReason = failureReason && words.some(({ state }) => state === "failed");
  const plain = `
it("an export ends with a file", async () => {
  const job = await setup.start();
  expect((await job.wait(quick)).state).toBe("succeeded");
});
`;
  return `import { ${words.length > 0 ? "describe, " : ""}expect, it } from "vitest";
import { quick, useVendor } from "../run-vendor.js";

const setup = useVendor("${vendor.name}");

// FILL IN: what this vendor does that others do not. What holds for all is in ../every-vendor.test.ts.
${words.length > 0 ? table : ""}${hasReason ? reason : plain}`;
}

function typesTest(
  { vendor, signIn, server, draft }: DocumentParts,
  request: object,
  packageName: string,
): string {
  const create = `create${pascalCase(vendor.name)}`;
  const variables = Object.entries((server["variables"] ?? {}) as Record<string, { "x-required"?: boolean }>); // readServer writes them
  const options = Object.fromEntries([
    ...signIn.flatMap(({ kind, key }): [string, string][] =>
      kind === "basic"
        ? [
            ["username", "ada"],
            ["password", "secret"],
          ]
        : [[key, "secret"]],
    ),
    ...variables.flatMap(([name, one]): [string, string][] => (one["x-required"] ? [[name, "sample"]] : [])),
  ]);
  const body = draft.start.body && draft.writer.resolve(draft.start.body.schema);
  const isNeeded =
    draft.start.parameters.some(({ in: place, required }) => required && place !== "header") ||
    (draft.start.body?.required === true && (body?.required?.length ?? 0) > 0);
  return `// Compiled by \`tsc -p specs\`, never run.
import { ${create}, type ExportJob } from "${packageName}";
import { expectTypeOf } from "vitest";

const client = ${create}(${JSON.stringify(options)});
// @ts-expect-error: without credentials there is no client
${create}({});

// FILL IN: what the request has to hold, and may hold.
const job = await client.createExport(${JSON.stringify(request)});
expectTypeOf(job).toExtend<ExportJob>();
${isNeeded ? `// @ts-expect-error: an export has required fields\nawait client.createExport({});\n` : ""}`;
}
