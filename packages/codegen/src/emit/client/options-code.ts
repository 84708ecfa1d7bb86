import type { CredentialOption, VariableOption, VendorOptions } from "../../load/client-options.js";
import { comment, sentence } from "../../text/comment.js";

/** Writes the type of a client's options: its credentials, its server variables, and the options of every client. */
export function optionsCode(
  name: string,
  title: string,
  { credentials, variables }: VendorOptions,
): string[] {
  const about = `What {@link create${name}} takes: how to sign in at ${title}, and the options of every client.`;
  const [only, second] = credentials;
  if (!second) {
    const fields = [...(only ?? []).map(credentialCode), ...variables.map(variableCode)];
    return [comment(about), `export interface ${name}Options extends ClientOptions {`, ...fields, "}"];
  }
  const names = [...new Set(credentials.flat().map((option) => option.name))];
  const canRenew = (alternative: readonly CredentialOption[]): boolean =>
    alternative.some(({ name }) => name === "refreshToken");
  const ways = credentials.map((alternative) => {
    const others = names.filter((one) => !alternative.some((option) => option.name === one));
    const listener = credentials.some(canRenew) ? [listenerCode(canRenew(alternative))] : [];
    const never = others.map((one) => `${one}?: never;`);
    return `| {\n${[...alternative.map(credentialCode), ...listener, ...never].join("\n")}\n}`;
  });
  const settings = [
    comment(`What {@link create${name}} takes beside the credentials.`),
    `export interface ${name}Settings extends ClientOptions {`,
    ...variables.map(variableCode),
    "}\n",
  ];
  return [
    ...(variables.length > 0 ? settings : []),
    comment(about),
    `export type ${name}Options = ${variables.length > 0 ? `${name}Settings` : "ClientOptions"} & (\n${ways.join("\n")}\n);`,
  ];
}

function credentialCode({ name, description, env }: CredentialOption): string {
  return `${comment(`${sentence(description)} In examples: \`process.env.${env}\`.`)}\n${name}: Credential;`;
}

/** The option that goes with a refresh token. */
function listenerCode(isAllowed: boolean): string {
  if (!isAllowed) return "onRefreshToken?: never;";
  const about =
    "Called with each refresh token that takes the place of the one before. Keep it: the old one may be good no more. What it throws changes nothing.";
  return `${comment(about)}\nonRefreshToken?: (token: string) => unknown;`;
}

function variableCode(variable: VariableOption): string {
  const { name, description, env } = variable;
  const isRequired = variable.default === undefined;
  const type = variable.enum?.map((word) => JSON.stringify(word)).join(" | ") ?? "string";
  const standard = isRequired
    ? undefined
    : variable.default === ""
      ? "@default none"
      : `@default ${JSON.stringify(variable.default)}`;
  const about = sentence(description) + (isRequired ? ` In examples: \`process.env.${env}\`.` : "");
  return `${comment(about, standard)}\n${name}${isRequired ? "" : "?"}: ${type};`;
}
