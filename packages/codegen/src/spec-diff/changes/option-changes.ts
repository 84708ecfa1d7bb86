import { type OpenApi, readOperations, type Server } from "@outhaul/spec";
import { type CredentialOption, readOptions, type VariableOption } from "../../load/client-options.js";
import { planLimits } from "../../plan/plan-limits.js";
import { type Bump, type Change, code, documentationChange, listChanges, listed } from "./change.js";

/** Finds the changes of a client's options: its server, credentials and limits. No OpenAPI tool knows what they mean to a user. */
export function optionChanges(vendor: string, base: OpenApi, now: OpenApi): Change[] {
  const [before, after] = [readOptions(vendor, base), readOptions(vendor, now)];
  return [
    ...serverChanges(base, now),
    ...variableChanges(before.variables, after.variables),
    ...credentialChanges(before.credentials, after.credentials),
    ...signInChanges(before.oauth2, after.oauth2),
    ...accountChanges(accountOf(before), accountOf(after)),
    ...limitChanges(base, now),
    ...descriptionChanges(base, now),
  ];
}

function serverChanges({ servers: before }: OpenApi, { servers: after }: OpenApi): Change[] {
  const changes: Change[] = [];
  const origins = (servers: readonly Server[]): string[] =>
    servers.map(({ url }) => /^\w+:\/\/[^/]+/.exec(url)?.[0] ?? url);
  const paths = (servers: readonly Server[]): string[] =>
    servers.map(({ url }) => url.replace(/^\w+:\/\/[^/]+/, ""));
  const differ = (one: readonly string[], other: readonly string[]): boolean =>
    JSON.stringify(one) !== JSON.stringify(other);
  if (differ(origins(before), origins(after)))
    changes.push({
      bump: "major",
      text: `Requests go to ${listed(origins(after))} now, and went to ${listed(origins(before))}; resume tokens made before are for the old server`,
      atRunTime: true,
    });
  else if (differ(paths(before), paths(after)))
    changes.push({
      bump: "minor",
      text: `Requests go to ${listed(after.map(({ url }) => url))} now`,
      atRunTime: true,
    });
  const auth = (servers: readonly Server[]): string[] =>
    servers.flatMap((server) => (server["x-auth"] ?? ["any"]).map((scheme) => `${server.url} ${scheme}`));
  const { added, removed } = listChanges(auth(before), auth(after));
  if (changes.length === 0 && added.length + removed.length > 0)
    changes.push({
      bump: removed.length > 0 ? "major" : "minor",
      text: "Another server takes a credential now",
      atRunTime: true,
    });
  return changes;
}

function variableChanges(before: readonly VariableOption[], after: readonly VariableOption[]): Change[] {
  const changes: Change[] = [];
  const add = (bump: Bump, text: string, atRunTime?: true): void => {
    changes.push({ bump, text, ...(atRunTime ? { atRunTime } : {}) });
  };
  for (const { name } of before.filter((one) => !after.some((other) => other.name === one.name)))
    add("major", `The option ${code(name)} is gone`);
  for (const variable of after) {
    const { name } = variable;
    const old = before.find((one) => one.name === name);
    const isRequired = variable.default === undefined;
    if (!old) {
      if (isRequired) add("major", `The option ${code(name)} is new and has to be given`);
      else add("minor", `There is a new option ${code(name)}`);
      continue;
    }
    const wasRequired = old.default === undefined;
    if (isRequired && !wasRequired) add("major", `The option ${code(name)} has to be given`);
    else if (!isRequired && wasRequired) add("minor", `The option ${code(name)} may be left out`);
    else if (old.default !== variable.default)
      add(
        "major",
        `The option ${code(name)} is ${code(variable.default)} by default, and was ${code(old.default)}`,
        true,
      );
    if (!variable.enum && old.enum) add("minor", `The option ${code(name)} takes any text`);
    else if (variable.enum && !old.enum)
      add("major", `The option ${code(name)} takes only ${listed(variable.enum)}`);
    else {
      const { added, removed } = listChanges(old.enum ?? [], variable.enum ?? []);
      if (removed.length > 0)
        add("major", `The option ${code(name)} does not take ${listed(removed)} any more`);
      if (added.length > 0) add("minor", `The option ${code(name)} now also takes ${listed(added)}`);
    }
    if (old.description !== variable.description)
      changes.push(documentationChange(`the option ${code(name)}`));
  }
  return changes;
}

type Alternatives = readonly (readonly CredentialOption[])[];

function credentialChanges(before: Alternatives, after: Alternatives): Change[] {
  const names = (alternatives: Alternatives): string[] =>
    alternatives.map((alternative) =>
      alternative
        .map(({ name }) => name)
        .sort()
        .join(" and "),
    );
  const { added, removed } = listChanges(names(before), names(after));
  const changes: Change[] = [
    ...removed.map(
      (alternative): Change => ({
        bump: "major",
        text: `One cannot sign in with ${code(alternative)} any more`,
      }),
    ),
    ...added.map(
      (alternative): Change => ({
        bump: removed.length > 0 ? "major" : "minor",
        text: `One can sign in with ${code(alternative)}`,
      }),
    ),
  ];
  const all = (alternatives: Alternatives): Map<string, CredentialOption> =>
    new Map(alternatives.flat().map((option) => [option.name, option]));
  for (const [name, option] of all(after)) {
    const old = all(before).get(name);
    if (!old) continue;
    if (old.location !== option.location || old.header !== option.header)
      changes.push({
        bump: "minor",
        text: `${code(name)} is sent in another way (header ${code(option.header)})`,
        atRunTime: true,
      });
    if (old.description !== option.description) changes.push(documentationChange(code(name)));
  }
  return changes;
}

type SignIn = ReturnType<typeof readOptions>["oauth2"];

/** Another way to ask for tokens; that there is one, and which options it takes, the credentials say. */
function signInChanges(before: SignIn, after: SignIn): Change[] {
  if (!before || !after || JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    {
      bump: "minor",
      text: `Tokens are asked for in another way, at ${code(after.tokenUrl)}`,
      atRunTime: true,
    },
  ];
}

function accountOf({ variables, credentials }: ReturnType<typeof readOptions>): string[] {
  return [...variables, ...credentials.flat()].filter(({ account }) => account).map(({ name }) => name);
}

/** The options that tell accounts apart, which are in each resume token. */
function accountChanges(before: readonly string[], after: readonly string[]): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const text = `Accounts are told apart by ${after.length > 0 ? listed(after) : "their server alone"}; resume tokens made before are refused`;
  return [{ bump: "major", text, atRunTime: true }];
}

function limitChanges(base: OpenApi, now: OpenApi): Change[] {
  const changes: Change[] = [];
  const compare = (
    key: "x-ratelimit-policy" | "x-max-concurrent" | "x-max-open-jobs",
    what: string,
  ): void => {
    if (base[key] === now[key]) return;
    changes.push({
      bump: "patch",
      text: `${what} ${now[key] === undefined ? "is not known any more" : `is ${code(String(now[key]))}`}`,
      atRunTime: true,
    });
  };
  compare("x-ratelimit-policy", "The rate limit that the client keeps");
  compare("x-max-concurrent", "The number of requests that the client has open at once");
  compare("x-max-open-jobs", "The number of exports that the client has open at once");
  changes.push(...operationLimitChanges(base, now));
  if (JSON.stringify(base["x-errors"]) !== JSON.stringify(now["x-errors"]))
    changes.push({ bump: "patch", text: "The text of an error is looked for elsewhere", atRunTime: true });
  return changes;
}

/** The limits of single operations. The first one gives the starts an option, the last one that goes takes it. */
function operationLimitChanges(base: OpenApi, now: OpenApi): Change[] {
  const [before, after] = [planLimits(base), planLimits(now)];
  const changes: Change[] = [];
  if (before.isTimed !== after.isTimed)
    changes.push({
      bump: after.isTimed ? "minor" : "major",
      text: after.isTimed
        ? `Starts may have to wait for long: they take ${code("timeoutMs")}`
        : `Starts do not take ${code("timeoutMs")} any more`,
    });
  const policies = (document: OpenApi): Map<string, string | undefined> =>
    new Map(readOperations(document).map(({ id, rateLimitPolicy }) => [id, rateLimitPolicy]));
  const old = policies(base);
  for (const [id, policy] of policies(now)) {
    if (!old.has(id) || old.get(id) === policy) continue;
    changes.push({
      bump: "patch",
      text: `The rate limit that the client keeps ${policy === undefined ? "is not known any more" : `is ${code(policy)}`}`,
      operations: [id],
      atRunTime: true,
    });
  }
  return changes;
}

function descriptionChanges({ info: before }: OpenApi, { info: after }: OpenApi): Change[] {
  const isSame =
    before.title === after.title &&
    before.description === after.description &&
    before.summary === after.summary;
  return isSame ? [] : [documentationChange("the client")];
}
