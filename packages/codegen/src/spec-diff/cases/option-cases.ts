import { acme, type Case, globex, start, type Yaml } from "./case.js";

/** Acme, whose clients get their tokens by themselves. */
function signInByOAuth2(openapi: Yaml): void {
  openapi.components.securitySchemes.token = {
    type: "oauth2",
    description: "An application.",
    flows: { clientCredentials: { tokenUrl: "/token", scopes: {} } },
  };
}

/** The cases of a client's options. */
export const optionCases: readonly Case[] = [
  // options
  {
    what: "a new option",
    vendor: acme,
    bump: "minor",
    says: "There is a new option `stage`",
    edit: (o) => {
      o.servers[0].url += "/{stage}";
      o.servers[0].variables.stage = { default: "", description: "The stage." };
    },
    usesNew: `createAcme({ token: "t", accountId: "1", stage: "test" });`,
  },
  {
    what: "a new required option",
    vendor: acme,
    bump: "major",
    says: "The option `stage` is new and has to be given",
    edit: (o) => {
      o.servers[0].url += "/{stage}";
      o.servers[0].variables.stage = { default: "x", description: "The stage.", "x-required": true };
    },
  },
  {
    what: "an option that became required",
    vendor: acme,
    bump: "major",
    says: "The option `region` has to be given",
    edit: (o) => {
      o.servers[0].variables.region["x-required"] = true;
    },
    uses: `createAcme({ token: "t", accountId: "1" });`,
  },
  {
    what: "an option that may be left out",
    vendor: acme,
    bump: "minor",
    says: "The option `accountId` may be left out",
    edit: (o) => {
      delete o.servers[0].variables.accountId["x-required"];
    },
    usesNew: `createAcme({ token: "t" });`,
  },
  {
    what: "an option removed",
    vendor: acme,
    bump: "major",
    says: "The option `region` is gone",
    edit: (o) => {
      o.servers[0].url = "https://eu.acme.example/v1/{accountId}";
      delete o.servers[0].variables.region;
    },
  },
  {
    what: "a new value of an option",
    vendor: acme,
    bump: "minor",
    says: "`region` now also takes `asia`",
    edit: (o) => {
      o.servers[0].variables.region.enum.push("asia");
    },
    usesNew: `createAcme({ token: "t", accountId: "1", region: "asia" });`,
  },
  {
    what: "a value of an option removed",
    vendor: acme,
    bump: "major",
    says: "`region` does not take `us` any more",
    edit: (o) => {
      o.servers[0].variables.region.enum = ["eu"];
    },
  },
  {
    what: "another default of an option",
    vendor: acme,
    bump: "major",
    atRunTime: true,
    says: "`region` is `us` by default",
    edit: (o) => {
      o.servers[0].variables.region.default = "us";
    },
  },
  {
    what: "another host",
    vendor: globex,
    bump: "major",
    atRunTime: true,
    says: "resume tokens made before are for the old server",
    edit: (o) => {
      o.servers[0].url = "https://api.globex-two.example";
    },
  },
  {
    what: "another path of the server",
    vendor: acme,
    bump: "minor",
    says: "Requests go to",
    edit: (o) => {
      o.servers[0].url = o.servers[0].url.replace("/v1/", "/v2/");
    },
  },
  {
    what: "other account options",
    vendor: acme,
    bump: "major",
    atRunTime: true,
    says: "resume tokens made before are refused",
    edit: (o) => {
      o.servers[0].variables.region["x-account"] = true;
    },
  },
  {
    what: "a credential renamed",
    vendor: acme,
    bump: "major",
    says: "One cannot sign in with `token` any more",
    edit: (o, a) => {
      o.components.securitySchemes = { key: o.components.securitySchemes.token };
      o.security = [{ key: [] }];
      a.workflows[0].inputs.properties.key = a.workflows[0].inputs.properties.token;
      delete a.workflows[0].inputs.properties.token;
      a.workflows[0].parameters[0].value = "Bearer {$inputs.key}";
    },
  },
  {
    what: "a new way to sign in",
    vendor: acme,
    bump: "minor",
    says: "One can sign in with `apiKey`",
    edit: (o) => {
      o.components.securitySchemes.apiKey = {
        type: "apiKey",
        in: "header",
        name: "X-Key",
        description: "A key.",
      };
      o.security.push({ apiKey: [] });
    },
    usesNew: `createAcme({ apiKey: "k", accountId: "1" });`,
  },
  {
    what: "a way to sign in that the client goes by itself",
    vendor: acme,
    bump: "minor",
    says: "One can sign in with `clientId and clientSecret`",
    edit: signInByOAuth2,
    usesNew: `createAcme({ clientId: "c", clientSecret: "s", accountId: "1" });`,
  },
  {
    what: "another address of tokens",
    vendor: acme,
    bump: "minor",
    atRunTime: true,
    says: "Tokens are asked for in another way, at `https://login.acme.example/token`",
    given: signInByOAuth2,
    edit: (o) => {
      o.components.securitySchemes.token.flows.clientCredentials.tokenUrl =
        "https://login.acme.example/token";
    },
  },
  {
    what: "a way to sign in removed",
    vendor: globex,
    bump: "major",
    says: "One cannot sign in with `password and username` any more",
    edit: (o) => {
      o.security = [{ apiKey: [] }];
      delete o.components.securitySchemes.login;
      o.servers = [{ url: "https://api.globex.example" }, { url: "https://keys.globex.example" }];
    },
  },
  {
    what: "another header of a credential",
    vendor: globex,
    bump: "minor",
    says: "`apiKey` is sent in another way",
    edit: (o, a) => {
      o.components.securitySchemes.apiKey.name = "X-Other-Key";
      a.workflows[0].parameters[0].name = "X-Other-Key";
    },
  },
  {
    what: "another rate limit",
    vendor: acme,
    bump: "patch",
    says: "The rate limit that the client keeps",
    edit: (o) => {
      o["x-ratelimit-policy"] = '"burst";q=2;w=1';
    },
  },
  {
    what: "the first rate limit of an operation",
    vendor: acme,
    bump: "minor",
    says: "Starts may have to wait for long: they take `timeoutMs`",
    edit: (o) => {
      start(o)["x-ratelimit-policy"] = '"create";q=1;w=60';
    },
    usesNew: `await client.exportOrders(request, { timeoutMs: 1000 });`,
  },
  {
    what: "another rate limit of an operation",
    vendor: acme,
    bump: "patch",
    says: 'keeps is `"create";q=1;w=30` (`startOrderExport`)',
    given: (o) => {
      start(o)["x-ratelimit-policy"] = '"create";q=1;w=60';
    },
    edit: (o) => {
      start(o)["x-ratelimit-policy"] = '"create";q=1;w=30';
    },
  },
  {
    what: "the first limit of open exports",
    vendor: acme,
    bump: "minor",
    says: "Starts may have to wait for long",
    edit: (o) => {
      o["x-max-open-jobs"] = 1;
    },
    usesNew: `await client.exportOrders(request, { timeoutMs: 1000 });`,
  },
  {
    what: "another number of open exports",
    vendor: acme,
    bump: "patch",
    says: "open at once is `2`",
    given: (o) => {
      o["x-max-open-jobs"] = 1;
    },
    edit: (o) => {
      o["x-max-open-jobs"] = 2;
    },
  },
  {
    what: "no long limits any more",
    vendor: acme,
    bump: "major",
    says: "Starts do not take `timeoutMs` any more",
    given: (o) => {
      o["x-ratelimit-policy"] = '"daily";q=30;w=86400';
    },
    edit: (o) => {
      o["x-ratelimit-policy"] = '"burst";q=30;w=60';
    },
    uses: `await client.exportOrders(request, { timeoutMs: 1000 });`,
  },
  {
    what: "another number of requests at once",
    vendor: globex,
    bump: "patch",
    says: "at once is `3`",
    edit: (o) => {
      o["x-max-concurrent"] = 3;
    },
  },
];
