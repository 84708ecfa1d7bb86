import type { Fault } from "./fault/fault.js";
import { specs as allSpecs } from "./generated/index.js";
import type { JobOptions } from "./job/options.js";
import type { CredentialValue } from "./request/credentials.js";
import { createCredentials } from "./request/credentials.js";
import { readApi } from "./spec/open-api.js";
import type { VendorSpec } from "./spec/vendor-spec.js";
import { createStore, type Store } from "./store/store.js";
import type { SandboxVendor } from "./vendor/sandbox-vendor.js";
import { createVendor } from "./vendor/vendor.js";

/** What {@link createSandbox} takes. Everything has a default. */
export interface SandboxOptions {
  /** The specs of the vendors. @default those of all vendors that Outhaul knows */
  readonly specs?: Readonly<Record<string, VendorSpec>>;
  /** The vendors to have, by name. @default all of the specs */
  readonly vendors?: readonly string[];
  /** What is taken as good credentials, by vendor and security scheme. @default samples, see {@link SandboxVendor.credentials} */
  readonly credentials?: Readonly<Record<string, Readonly<Record<string, CredentialValue>>>>;
  /** How exports behave. */
  readonly jobs?: JobOptions;
  /** Answer 429 where the spec's limits are passed. They are counted in any case. @default false */
  readonly enforceLimits?: boolean;
  /** How long links to the store are good, in milliseconds. @default 900000 */
  readonly linkTtlMs?: number;
  /** The origin that links to the store name; `listen` puts in the real one. @default "https://store.sandbox.example" */
  readonly storeOrigin?: string;
  /** Files and ids are the same for the same seed. @default 1 */
  readonly seed?: number;
  /** A number from 0 to below 1, for ids. @default made from the seed */
  readonly random?: () => number;
  /** The time, in milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Waits, for slow bodies and before a connection is broken. @default a timer */
  readonly delay?: (ms: number) => Promise<void>;
}

/** Vendors to run exports against. */
export interface Sandbox {
  readonly vendors: Readonly<Record<string, SandboxVendor>>;
  /** The files that vendors link to, on an origin of their own. */
  readonly store: Store;
  /**
   * A vendor by its name.
   * @throws {RangeError} when there is none of the name
   */
  vendor(name: string): SandboxVendor;
  /** Lets something go wrong at one vendor, or at all of them. */
  fault(fault: Fault & { readonly vendor?: string }): void;
  /** Forgets all exports, faults, requests and counts. */
  reset(): void;
}

/**
 * Makes vendors from their specs alone: their calls are checked, exports run through the states of the specs' examples, and files come in any size.
 * @throws {SyntaxError} naming what a spec lacks
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
  const foreignHeaders = new Set(["authorization", "cookie"]);
  for (const { openapi } of chosen) {
    for (const header of createCredentials(readApi(openapi)).headers) foreignHeaders.add(header);
  }
  const { storeOrigin = "https://store.sandbox.example" } = options;
  const store = createStore({ origin: storeOrigin, now, seed, foreignHeaders, delay });
  const vendors = Object.fromEntries(
    chosen.map((spec) => [
      spec.vendor,
      createVendor(spec, store, {
        credentials: options.credentials?.[spec.vendor],
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
      const met = name === undefined ? Object.values(vendors) : [vendor(name)];
      for (const each of met) each.fault(fault);
    },
    reset() {
      for (const each of Object.values(vendors)) each.reset();
      store.clear();
    },
  };
}
