import { writeConfig } from "../client/config-file.js";
import { canAsk } from "../client/connect.js";
import { CredentialsError, UsageError } from "../errors/command-error.js";
import { ask } from "../terminal/ask.js";
import type { Io } from "../terminal/io.js";
import { readLines } from "../terminal/read-lines.js";
import type { InstalledVendor } from "../vendors/installed.js";
import type { ManifestCredential } from "../vendors/manifest.js";

/** Asks for the credentials of a vendor, or takes them from standard input, a line each, and keeps them. */
export async function login(
  { manifest }: InstalledVendor,
  { with: wanted }: { with?: string },
  io: Io,
): Promise<void> {
  const { vendor, credentials, options } = manifest;
  const way =
    wanted === undefined
      ? credentials[0]
      : credentials.find((one) => one.some(({ option }) => option === wanted));
  const ways = credentials.map((one) => one.map(({ option }) => option).join(", "));
  if (!way) throw new UsageError(`${vendor} has no credential "${wanted}"; there are: ${ways.join("; or ")}`);
  if (credentials.length > 1 && wanted === undefined)
    io.stderr.write(`Signing in with ${ways[0]}. For another way: ${others(credentials, way)}\n`);
  const needed = options.filter((option) => option.default === undefined);
  const questions = [
    ...way.map(({ option, description, account }) => ({ option, description, isSecret: !account })),
    ...needed.map(({ option, description }) => ({ option, description, isSecret: false })),
  ];
  const values: Record<string, string> = {};
  if (canAsk(io)) {
    for (const { option, description, isSecret } of questions)
      values[option] = await ask(io, { label: `${vendor} ${option}`, description, isSecret });
  } else {
    const lines = await readLines(io.stdin, questions.length);
    for (const [index, { option }] of questions.entries()) {
      const value = lines[index]?.trim();
      if (!value)
        throw new CredentialsError(
          `no ${option} on standard input; a line each is expected: ${questions.map((one) => one.option).join(", ")}`,
        );
      values[option] = value;
    }
  }
  const path = await writeConfig(io, vendor, values);
  io.stderr.write(`Kept in ${path}, which only you can read. Try it: outhaul doctor ${vendor}\n`);
}

function others(
  credentials: readonly (readonly ManifestCredential[])[],
  way: readonly ManifestCredential[],
): string {
  return credentials
    .filter((one) => one !== way)
    .map((one) => `--with ${one[0]?.option}`)
    .join(", ");
}
