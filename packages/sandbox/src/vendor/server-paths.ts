import type { Api, Server } from "../spec/open-api.js";

/** The paths of a vendor's servers. */
export interface ServerPaths {
  /** Route patterns, such as `/rest/:server_customerId`. An optional variable gives two of them. */
  readonly patterns: readonly string[];
  /** The path of the first server with the defaults of its variables, such as `/rest/0`. */
  readonly sample: string;
  /** The defaults of the variables that a client has to set. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads the paths of a spec's servers. */
export function serverPaths({ servers }: Api): ServerPaths {
  const patterns = new Set(servers.flatMap(patternsOf));
  const required = servers.flatMap(({ variables }) =>
    Object.entries(variables).filter(([, variable]) => variable.required),
  );
  return {
    patterns: patterns.size > 0 ? [...patterns] : [""],
    sample: servers[0] ? sampleOf(servers[0]) : "",
    variables: Object.fromEntries(required.map(([name, variable]) => [name, variable.default])),
  };
}

function patternsOf(server: Server): string[] {
  let patterns = [""];
  for (const segment of segmentsOf(server)) {
    const variable = variableOf(segment);
    const part = variable === undefined ? segment : `:server_${variable}`;
    const longer = patterns.map((pattern) => `${pattern}/${part}`);
    const isOptional = variable !== undefined && server.variables[variable]?.default === "";
    patterns = isOptional ? [...patterns, ...longer] : longer;
  }
  return patterns;
}

function sampleOf(server: Server): string {
  return segmentsOf(server)
    .map((segment) => {
      const variable = variableOf(segment);
      return variable === undefined ? segment : (server.variables[variable]?.default ?? "");
    })
    .filter((segment) => segment !== "")
    .map((segment) => `/${segment}`)
    .join("");
}

function segmentsOf({ url }: Server): string[] {
  const path = url.replace(/^\w+:\/\/[^/]+/, "").replace(/\/+$/, "");
  return path.split("/").slice(1);
}

function variableOf(segment: string): string | undefined {
  return /^\{(\w+)\}$/.exec(segment)?.[1];
}
