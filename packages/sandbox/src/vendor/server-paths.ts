import type { Api } from "../spec/open-api.js";

/** A path under which an API hangs, such as `/rest/:server_customerId`. */
export interface ServerPaths {
  /** For the router. A variable that may be left out gives two of them. */
  readonly patterns: readonly string[];
  /** The first server's path with the spec's samples in it: `/rest/0`. */
  readonly sample: string;
  /** The samples of the variables that a client has to be given. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads the paths of a spec's servers. */
export function serverPaths({ servers }: Api): ServerPaths {
  const patterns = new Set<string>();
  const samples: string[] = [];
  const variables: Record<string, string> = {};
  for (const { url, variables: known } of servers) {
    const path = url.replace(/^\w+:\/\/[^/]+/, "").replace(/\/+$/, "");
    let forms = [""];
    let sample = "";
    for (const segment of path.split("/").slice(1)) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      const variable = name === undefined ? undefined : known[name];
      const pattern = name === undefined ? segment : `:server_${name}`;
      const longer = forms.map((form) => `${form}/${pattern}`);
      forms = variable?.default === "" ? [...forms, ...longer] : longer;
      const value = name === undefined ? segment : (variable?.default ?? "");
      if (value !== "") sample += `/${value}`;
    }
    for (const form of forms) patterns.add(form);
    samples.push(sample);
    for (const [name, variable] of Object.entries(known))
      if (variable.required) variables[name] = variable.default;
  }
  return { patterns: patterns.size > 0 ? [...patterns] : [""], sample: samples[0] ?? "", variables };
}
