import type { SandboxVendor } from "../vendor/sandbox-vendor.js";

/** A vendor of the sandbox that listens, as the page needs it. */
export interface PageVendor {
  readonly name: string;
  readonly baseUrl: string;
  readonly serverUrl: string;
  readonly clientOptions: Readonly<Record<string, string>>;
  readonly sandbox: SandboxVendor;
}
