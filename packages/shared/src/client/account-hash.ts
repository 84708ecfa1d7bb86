import type { Credentials } from "../account/credentials.js";
import { checksum } from "./checksum.js";
import type { ClientDefinition } from "./options.js";

/** A hash of the server and of the options that distinguish accounts; none of them is a secret. */
export function accountHash(
  { variables }: ClientDefinition,
  { schemes }: Credentials,
  baseUrl: string,
  options: Readonly<Record<string, unknown>>,
): string {
  const names = [
    ...Object.keys(variables).filter((name) => variables[name]?.account),
    ...schemes.filter(({ account }) => account).map(({ option }) => option),
  ];
  const values = names.map((name) => (typeof options[name] === "function" ? "" : (options[name] ?? "")));
  return checksum(JSON.stringify([new URL(baseUrl).origin, ...values]));
}
