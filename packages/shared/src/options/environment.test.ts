import { expect, it } from "vitest";
import { readEnvironment } from "./environment.js";

const table = {
  name: "createAcmeFromEnv",
  ways: [
    [
      ["username", "OUTHAUL_ACME_USERNAME"],
      ["password", "OUTHAUL_ACME_PASSWORD"],
    ],
    [["apiKey", "OUTHAUL_ACME_API_KEY"]],
  ],
  required: [["domain", "OUTHAUL_ACME_DOMAIN"]],
  optional: [["baseUrl", "OUTHAUL_ACME_BASE_URL"]],
} as const;
const domain = { OUTHAUL_ACME_DOMAIN: "eu" };

it("takes the first way to sign in that is complete", () => {
  const env = { ...domain, OUTHAUL_ACME_USERNAME: "ann", OUTHAUL_ACME_API_KEY: " key\n" };
  expect(readEnvironment(table, {}, { env })).toEqual({ apiKey: "key", domain: "eu" });
  expect(readEnvironment(table, {}, { env: { ...env, OUTHAUL_ACME_PASSWORD: "p" } })).toEqual({
    username: "ann",
    password: "p",
    domain: "eu",
  });
  expect(readEnvironment(table, { password: () => "from a vault" }, { env })).toEqual({
    username: "ann",
    domain: "eu",
  });
});

it.each([
  [domain, "OUTHAUL_ACME_USERNAME, OUTHAUL_ACME_PASSWORD; or OUTHAUL_ACME_API_KEY"],
  [{ ...domain, OUTHAUL_ACME_USERNAME: "ann" }, "OUTHAUL_ACME_PASSWORD; or OUTHAUL_ACME_API_KEY"],
  [{ OUTHAUL_ACME_API_KEY: "k", OUTHAUL_ACME_DOMAIN: " " }, "OUTHAUL_ACME_DOMAIN"],
])("names what is missing: %j", (env, missing) => {
  expect(() => readEnvironment(table, {}, { env })).toThrow(
    new TypeError(`createAcmeFromEnv: the environment lacks ${missing}`),
  );
});

it("reads nothing of another account for a profile but the address", () => {
  const first = { ...domain, OUTHAUL_ACME_API_KEY: "k", OUTHAUL_ACME_BASE_URL: "http://127.0.0.1:1" };
  expect(() => readEnvironment(table, {}, { env: first, profile: "us-east" })).toThrow(
    "OUTHAUL_ACME_API_KEY__US_EAST, OUTHAUL_ACME_DOMAIN__US_EAST",
  );
  const env = { ...first, OUTHAUL_ACME_API_KEY__US_EAST: "k2", OUTHAUL_ACME_DOMAIN__US_EAST: "us" };
  expect(readEnvironment(table, {}, { env, profile: "us-east" })).toEqual({
    apiKey: "k2",
    domain: "us",
    baseUrl: "http://127.0.0.1:1",
  });
});

it("reads the environment of the process without being told", () => {
  expect(() => readEnvironment(table, {})).toThrow("the environment lacks");
  expect(readEnvironment({ ...table, ways: [[["path", "PATH"]]], required: [] }, {})).toEqual({
    path: process.env["PATH"]?.trim(),
  });
});
