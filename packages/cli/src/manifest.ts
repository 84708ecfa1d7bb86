/** What the generator writes into a vendor package's `manifest.json`. */
export type {
  DocsLink,
  JsonSchema,
  Manifest,
  ManifestCredential,
  ManifestOperation,
  ManifestOption,
  ManifestParameter,
  ManifestWorkflow,
} from "./vendors/manifest.js";
