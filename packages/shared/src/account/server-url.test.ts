import { describe, expect, it } from "vitest";
import { serverUrl } from "./server-url.js";

const acme = {
  servers: [
    { url: "https://api.acme.test/{space}", auth: ["username", "password"] },
    { url: "https://keys.acme.test/{space}", auth: ["apiKey"] },
  ],
  variables: { space: { default: "" } },
};
const hosted = {
  servers: [{ url: "https://{server}/rest/{customerId}" }],
  variables: { server: {}, customerId: {} },
};

describe("server address", () => {
  it.each([
    ["the first server that takes the credentials", acme, ["apiKey"], {}, "https://keys.acme.test"],
    ["an optional variable", acme, ["username"], { space: "23" }, "https://api.acme.test/23"],
    ["a number", acme, ["username"], { space: 23 }, "https://api.acme.test/23"],
    [
      "a baseUrl in place of scheme and host",
      acme,
      ["username"],
      { space: "23", baseUrl: "http://127.0.0.1:8080/" },
      "http://127.0.0.1:8080/23",
    ],
    [
      "a baseUrl with a path",
      acme,
      ["username"],
      { space: "23", baseUrl: new URL("https://gate.test/acme") },
      "https://gate.test/acme/23",
    ],
    [
      "a server with a label",
      hosted,
      ["token"],
      { server: "proxy.test/www2", customerId: "5" },
      "https://proxy.test/www2/rest/5",
    ],
    [
      "an encoded variable",
      hosted,
      ["token"],
      { server: "a.test", customerId: "5/../6?x" },
      "https://a.test/rest/5%2F..%2F6%3Fx",
    ],
  ])("%s", (_, definition, credentials, options, url) => {
    expect(serverUrl("createAcme", definition, credentials, options)).toBe(url);
  });

  it.each([
    ["a missing variable", hosted, { server: "a.test" }, 'the option "customerId" is missing'],
    ["an empty variable", hosted, { server: "a.test", customerId: "" }, 'the option "customerId" is empty'],
    ["a step up", hosted, { server: "a.test", customerId: ".." }, 'the option "customerId" must not be ".."'],
    [
      "a user in the host",
      hosted,
      { server: "user:pw@evil.test", customerId: "5" },
      'the option "server" is no name of a host',
    ],
    [
      "a query in the host",
      hosted,
      { server: "a.test?x=", customerId: "5" },
      'the option "server" is no name of a host',
    ],
    [
      "an address in place of a host",
      hosted,
      { server: "https://a.test", customerId: "5" },
      'the option "server" is no name of a host',
    ],
    ["another scheme", acme, { baseUrl: "ftp://a.test" }, 'the option "baseUrl" is no http(s) address'],
    ["no address", acme, { baseUrl: "nonsense" }, 'the option "baseUrl" is no http(s) address'],
  ])("%s is told by name", (_, definition, options, message) => {
    expect(() => serverUrl("createAcme", definition, ["username"], options)).toThrow(message);
  });
});
