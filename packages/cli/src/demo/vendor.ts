import type { ExportJob, JobSaveOptions } from "@outhaul/shared";
import type { Manifest, ManifestWorkflow } from "@outhaul/spec";
import * as vendorPackage from "#demo-vendor";
import manifestJson from "#demo-vendor/manifest" with { type: "json" };

/** What the demo uses of a vendor's client. */
interface DemoClient {
  start(): Promise<ExportJob>;
  resume(token: string): ExportJob;
}

const manifest = manifestJson as Manifest; // the generator wrote it
type AnyClient = { resume(token: string): ExportJob } & Readonly<Record<string, unknown>>;

const [demoWorkflow] = manifest.workflows as [ManifestWorkflow]; // every vendor has one

/** The vendor that the demo plays, as its package describes it. `package.json` says which one it is. */
export const demoVendor = { name: manifest.vendor, title: manifest.title, operation: demoWorkflow.operation };

/** How the demo saves: the lines of {@link code} say the same. */
export const saveOptions: JobSaveOptions = {
  createDirs: true,
  keepPartial: true,
  schedule: () => 400,
  timeoutMs: 60_000,
};

const saveLines = [
  "  createDirs: true,",
  "  keepPartial: true, // another process can go on",
  "  schedule: () => 400, // ms between two polls",
  "  timeoutMs: 60_000,",
];

/** The lines of code that the demo runs, as a user writes them. */
export const code = {
  connect: [
    `import { ${manifest.create} } from "@outhaul/${manifest.vendor}";`,
    `const ${manifest.vendor} = ${manifest.create}(options); // as printed`,
  ],
  start: [
    `const job = await ${manifest.vendor}.${demoWorkflow.id}({`,
    ...Object.entries(demoWorkflow.example ?? {}).map(
      ([field, value]) => `  ${field}: ${JSON.stringify(value)},`,
    ),
    "});",
    "const { token } = job; // keep it",
  ],
  save: ['await job.save("exports/", {', ...saveLines, "});"],
  resume: [
    `const again = ${manifest.vendor}.resume(token);`,
    'await again.save("exports/", {',
    ...saveLines,
    "});",
  ],
};

/** Creates the vendor's client. */
export function createClient(options: Readonly<Record<string, string>>): DemoClient {
  const exported: Readonly<Record<string, unknown>> = vendorPackage;
  // The manifest names the function, and its client has an export of the workflow's name.
  const create = exported[manifest.create] as (options: object) => AnyClient;
  const client = create(options);
  const { id, example } = demoWorkflow;
  return {
    start: () => (client[id] as (request: unknown) => Promise<ExportJob>)(example),
    resume: (token) => client.resume(token),
  };
}
