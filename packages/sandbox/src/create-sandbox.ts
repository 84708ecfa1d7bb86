import type { Fault } from "./fault/fault.js";
import { specs as allSpecs } from "./generated/index.js";
import { nearestOf } from "./options/check-names.js";
import { createCredentials } from "./request/credentials.js";
import { checkSandboxOptions, type SandboxOptions } from "./sandbox-options.js";
import { readApi } from "./spec/open-api.js";
import type { VendorSpec } from "./spec/vendor-spec.js";
import { createStore, type Store } from "./store/store.js";
import type { SandboxVendor } from "./vendor/sandbox-vendor.js";
import { createVendor } from "./vendor/vendor.js";

/** A sandbox: vendors to run exports against. */
export interface Sandbox {
  readonly vendors: Readonly<Record<string, SandboxVendor>>;
  /** The files that vendors link to, on an origin of their own. */
  readonly store: Store;
  /**
   * Returns a vendor by its name.
   * @throws {RangeError} if there is no such vendor
   */
  vendor(name: string): SandboxVendor;
  /** Adds a fault to one vendor, or to all. */
  fault(fault: Fault & { readonly vendor?: string }): void;
  /** Removes all jobs, faults, requests and counts. */
  reset(): void;
}

/**
 * Creates vendors from their specs: they validate requests, exports go through the states of the specs' examples, and files have any size.
 * @throws {TypeError} if there is no option of a name
 * @throws {RangeError} if there is no spec for a vendor, or no such word for an option
 * @throws {SyntaxError} if a spec lacks something; the message names it
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  checkSandboxOptions("createSandbox", options);
  const {
    specs = allSpecs,
    vendors: names = Object.keys(specs),
    now = Date.now,
    seed = 1,
    delay = (ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  } = options;
  const chosen = names.map((name) => {
    const spec = specs[name];
    if (!spec)
      throw new RangeError(`the sandbox has no vendor ${name}${nearestOf(name, Object.keys(specs))}`);
    return spec;
  });
  const store = createStore({
    origin: options.storeOrigin ?? "https://store.sandbox.example",
    now,
    seed,
    vendorHeaders: credentialHeaders(chosen),
    delay,
  });
  const vendors = Object.fromEntries(
    chosen.map((spec) => [
      spec.vendor,
      createVendor(spec, store, {
        compiledAs: spec === allSpecs[spec.vendor] ? spec.vendor : undefined,
        credentials: options.credentials?.[spec.vendor],
        tokens: options.tokens,
        jobs: options.jobs,
        enforceLimits: options.enforceLimits ?? false,
        linkTtlMs: options.linkTtlMs ?? 900_000,
        seed,
        now,
        random: options.random,
        delay,
      }),
    ]),
  );
  const vendor = (name: string): SandboxVendor => {
    const found = vendors[name];
    if (!found)
      throw new RangeError(`the sandbox has no vendor ${name}${nearestOf(name, Object.keys(vendors))}`);
    return found;
  };
  return {
    vendors,
    store,
    vendor,
    fault({ vendor: name, ...fault }) {
      const targets = name === undefined ? Object.values(vendors) : [vendor(name)];
      for (const each of targets) each.fault(fault);
    },
    reset() {
      for (const each of Object.values(vendors)) each.reset();
      store.clear();
    },
  };
}

/** The headers, in lower case, that carry the credentials of any vendor. */
function credentialHeaders(specs: readonly VendorSpec[]): Set<string> {
  const headers = specs.flatMap(({ openapi }) => [...createCredentials(readApi(openapi)).headers]);
  return new Set(["authorization", "cookie", ...headers]);
}
