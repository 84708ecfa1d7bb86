/** An option of a vendor's client, and the environment variable that may hold it. */
export type EnvironmentVariable = readonly [option: string, variable: string];

/** What a vendor's client may read from the environment; generated from its spec. */
export interface EnvironmentTable {
  /** The function that reads it, for messages. */
  readonly name: string;
  /** The ways to sign in. Each needs all of its variables. */
  readonly ways: readonly (readonly EnvironmentVariable[])[];
  /** The options that a client cannot do without. */
  readonly required: readonly EnvironmentVariable[];
  /** The options that may be left out. */
  readonly optional: readonly EnvironmentVariable[];
}

/** Where the variables are. */
export interface EnvironmentOptions {
  /**
   * The variables, by name: `Deno.env.toObject()`, or the `env` of a Worker.
   * @default process.env
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * An account beside the first one: with `eu` the variables end with `__EU`, as for `outhaul --profile eu`. Those of the first account are not read; only the
   * address (`…_BASE_URL`) holds for all.
   * @default the first account
   */
  readonly profile?: string;
}

type Values = Record<string, string>;

/**
 * Reads the options of a client from the environment. Blank variables count as missing.
 * @param given options that need not be in the environment
 * @throws {@link TypeError} if a variable is missing; the message names it
 */
export function readEnvironment(
  { name, ways, required, optional }: EnvironmentTable,
  given: Readonly<Record<string, unknown>>,
  { env = processEnvironment(), profile }: EnvironmentOptions = {},
): Values {
  const ending = profile === undefined ? "" : `__${profile.replaceAll("-", "_").toUpperCase()}`;
  const read = ([option, variable]: EnvironmentVariable): string | undefined => {
    const own = env[variable + ending]?.trim();
    return own || (option === "baseUrl" ? env[variable]?.trim() : undefined) || undefined;
  };
  const missingOf = (variables: readonly EnvironmentVariable[]): string[] =>
    variables.flatMap((one) => {
      const [option, variable] = one;
      return given[option] !== undefined || read(one) !== undefined ? [] : [variable + ending];
    });
  const ranked = ways.map((way) => ({ way, missing: missingOf(way) }));
  const complete = ranked.find(({ missing }) => missing.length === 0);
  const missing = missingOf(required);
  if (!complete || missing.length > 0) {
    const others = complete ? [] : ranked.map((one) => one.missing.join(", "));
    throw new TypeError(
      `${name}: the environment lacks ${[others.join("; or "), ...missing].filter(Boolean).join(", ")}`,
    );
  }
  const known = [...complete.way, ...required, ...optional];
  return Object.fromEntries(
    known.flatMap((one) => {
      const value = read(one);
      return value === undefined ? [] : [[one[0], value]];
    }),
  );
}

/** The environment of the process; a runtime without processes has none. */
function processEnvironment(): Readonly<Record<string, string | undefined>> {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } }; // not every runtime has it
  return process?.env ?? {};
}
