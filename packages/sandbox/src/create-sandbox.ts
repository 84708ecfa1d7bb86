import type { Fault } from "./fault/fault.js";
import { specs as allSpecs } from "./generated/index.js";
import type { JobOptions } from "./job/job-options.js";
import { type CredentialValue, createCredentials } from "./request/credentials.js";
import type { TokenOptions } from "./request/token-server.js";
import { readApi } from "./spec/open-api.js";
import type { VendorSpec } from "./spec/vendor-spec.js";
import { createStore, type Store } from "./store/store.js";
import type { SandboxVendor } from "./vendor/sandbox-vendor.js";
import { createVendor } from "./vendor/vendor.js";

/** The options of {@link createSandbox}. */
export interface SandboxOptions {
  /** The specs of the vendors, by name. @default all vendors that Outhaul knows */
  readonly specs?: Readonly<Record<string, VendorSpec>>;
  /** The names of the vendors to create. @default all of the specs */
  readonly vendors?: readonly string[];
  /** The accepted credentials, by vendor and security scheme. @default samples, see {@link SandboxVendor.credentials} */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, CredentialValue>>>>;
  /** How vendors with OAuth 2 give tokens. */
  readonly tokens?: TokenOptions;
  /** The behaviour of exports. */
  readonly jobs?: JobOptions;
  /** Answer 429 if a request exceeds the spec's limits. Requests are counted in any case. @default false */
  readonly enforceLimits?: boolean;
  /** The lifetime of a link to the store, in milliseconds. @default 900000 */
  readonly linkTtlMs?: number;
  /** The origin of links to the store; `listen` replaces it by the real one. @default "https://store.sandbox.example" */
  readonly storeOrigin?: string;
  /** The seed of files and ids. @default 1 */
  readonly seed?: number;
  /** A generator of numbers in [0, 1), for ids. @default one with the seed */
  readonly random?: () => number;
  /** The time, in milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Waits for a slow body, and before it breaks a connection. @default a timer */
  readonly delay?: (ms: number) => Promise<void>;
}

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
 * @throws {RangeError} if there is no spec for a vendor
 * @throws {SyntaxError} if a spec lacks something; the message names it
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
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
      throw new RangeError(`the sandbox has no vendor ${name}; it has ${Object.keys(specs).join(", ")}`);
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
      throw new RangeError(`the sandbox has no vendor ${name}; it has ${Object.keys(vendors).join(", ")}`);
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
