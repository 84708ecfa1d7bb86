import { specs as allSpecs } from "./generated/index.js";
import { type JobOptions, jobOptionsSchema } from "./job/job-options.js";
import { checkNames, type OptionSchemas } from "./options/check-names.js";
import type { CredentialValue } from "./request/credentials.js";
import type { TokenOptions } from "./request/token-server.js";
import type { VendorSpec } from "./spec/vendor-spec.js";

/** The options of `createSandbox`. */
export interface SandboxOptions {
  /** The specs of the vendors, by name. @default all vendors that Outhaul knows */
  readonly specs?: Readonly<Record<string, VendorSpec>>;
  /** The names of the vendors to create. @default all of the specs */
  readonly vendors?: readonly string[];
  /** The accepted credentials, by vendor and security scheme. @default samples, see `credentials` of the vendor */
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

/** The names of the options, as the compiler checks them for users of TypeScript. */
const optionNames: { readonly [Name in keyof Required<SandboxOptions>]: object } = {
  specs: {},
  vendors: {},
  credentials: {},
  tokens: {},
  jobs: {},
  enforceLimits: {},
  linkTtlMs: {},
  storeOrigin: {},
  seed: {},
  random: {},
  now: {},
  delay: {},
};
const tokenOptionNames: { readonly [Name in keyof Required<TokenOptions>]: object } = {
  ttlMs: {},
  rotate: {},
};

/**
 * Checks the names of the options of a sandbox.
 * @param where what they were given to
 * @param further the options that it takes as well
 */
export function checkSandboxOptions(
  where: string,
  options: SandboxOptions,
  further: OptionSchemas = {},
): void {
  checkNames(where, options, { ...optionNames, ...further });
  const { jobs, tokens, specs = allSpecs, credentials } = options;
  checkNames(`${where}: jobs`, jobs, jobOptionsSchema.properties);
  checkNames(`${where}: tokens`, tokens, tokenOptionNames);
  checkNames(`${where}: credentials`, credentials, namesOf(Object.values(specs).map(({ vendor }) => vendor)));
}

/** Options of these names, which take any value. */
export function namesOf(names: readonly string[]): OptionSchemas {
  return Object.fromEntries(names.map((name) => [name, {}]));
}
