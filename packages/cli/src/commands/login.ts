import type { Manifest, ManifestCredential } from "@outhaul/spec";
import { writeConfig } from "../client/config-file.js";
import { CredentialsError, UsageError } from "../errors/command-error.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";
import { canPrompt, prompt } from "../terminal/prompt.js";
import { readLines } from "../terminal/read-lines.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";

/** A client option that the user is asked for. */
interface OptionQuestion {
  readonly option: string;
  readonly description: string;
  readonly isSecret: boolean;
}

/** Reads the credentials of a vendor, from the terminal or one a line from standard input, and stores them. */
export async function login(
  { manifest }: InstalledVendor,
  { with: credential }: { with?: string },
  io: Io,
): Promise<void> {
  const { vendor, credentials, options } = manifest;
  const way = chooseWay(manifest, credential);
  if (credentials.length > 1 && credential === undefined)
    printLine(
      io.stderr,
      `Signing in with ${optionNames(way)}. For another way: ${otherWays(credentials, way)}`,
    );
  const questions: OptionQuestion[] = [
    ...way.map(({ option, description, account }) => ({ option, description, isSecret: !account })),
    ...options
      .filter((option) => option.default === undefined)
      .map(({ option, description }) => ({ option, description, isSecret: false })),
  ];
  const values = canPrompt(io) ? await promptAll(vendor, questions, io) : await readAll(questions, io);
  const path = writeConfig(io, vendor, values);
  printLine(io.stderr, `Kept in ${path}, which only you can read. Try it: outhaul doctor ${vendor}`);
}

/** The way to sign in that has a credential, or else the first one. */
function chooseWay(
  { vendor, credentials }: Manifest,
  credential: string | undefined,
): readonly ManifestCredential[] {
  const way =
    credential === undefined
      ? credentials[0]
      : credentials.find((one) => one.some(({ option }) => option === credential));
  if (way) return way;
  const ways = credentials.map(optionNames).join("; or ");
  throw new UsageError(`${vendor} has no credential "${credential}"; there are: ${ways}`);
}

async function promptAll(
  vendor: string,
  questions: readonly OptionQuestion[],
  io: Io,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { option, description, isSecret } of questions)
    values[option] = await prompt(io, { label: `${vendor} ${option}`, description, isSecret });
  return values;
}

async function readAll(questions: readonly OptionQuestion[], { stdin }: Io): Promise<Record<string, string>> {
  const lines = await readLines(stdin, questions.length);
  const values: Record<string, string> = {};
  for (const [index, { option }] of questions.entries()) {
    const value = lines[index]?.trim();
    if (!value)
      throw new CredentialsError(
        `no ${option} on standard input; a line each is expected: ${optionNames(questions)}`,
      );
    values[option] = value;
  }
  return values;
}

function optionNames(options: readonly { readonly option: string }[]): string {
  return options.map(({ option }) => option).join(", ");
}

function otherWays(ways: Manifest["credentials"], chosen: readonly ManifestCredential[]): string {
  return ways
    .filter((way) => way !== chosen)
    .map((way) => `--with ${way[0]?.option}`)
    .join(", ");
}
