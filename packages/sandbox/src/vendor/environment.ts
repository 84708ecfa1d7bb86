/** A vendor with the options that its client needs. */
export interface ConfiguredVendor {
  readonly name: string;
  readonly clientOptions: Readonly<Record<string, string>>;
}

/** The environment variables that lead the command line and the examples to a vendor of the sandbox, such as `OUTHAUL_ACME_BASE_URL`. */
export function environmentOf({ name, clientOptions }: ConfiguredVendor): Record<string, string> {
  const prefix = `OUTHAUL_${name.replaceAll("-", "_").toUpperCase()}_`;
  return Object.fromEntries(
    Object.entries(clientOptions)
      .filter(([, value]) => value !== "")
      .map(([option, value]) => [
        prefix + option.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase(),
        value,
      ]),
  );
}

/** The lines for a POSIX shell that set environment variables. */
export function exportLines(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  );
}
