import type { ExportJob } from "@outhaul/shared";
import type { Manifest } from "@outhaul/spec";

/** A client, as far as all vendors have the same. */
export type Client = Readonly<Record<string, (request: object) => Promise<ExportJob>>>;

/** The module of a vendor's package: a function that creates the client, by its name. */
type VendorModule = Readonly<Record<string, (options: object) => Client>>;

const manifests = import.meta.glob<Manifest>("../../packages/*/src/generated/manifest.json", {
  eager: true,
  import: "default",
});
const modules = import.meta.glob<VendorModule>([
  "../../packages/*/dist/index.js",
  "!../../packages/{codegen,sandbox,shared,spec}/dist/index.js",
]);

/** The vendors, each with what describes its client. */
export const vendors: readonly Manifest[] = Object.values(manifests);

/** Loads a vendor's package, and creates its client. */
export async function createClient({ vendor, create }: Manifest, options: object): Promise<Client> {
  const module = await modules[`../../packages/${vendor}/dist/index.js`]?.();
  const createVendor = module?.[create];
  if (!createVendor) throw new Error(`the package of ${vendor} is not built`);
  return createVendor(options);
}
