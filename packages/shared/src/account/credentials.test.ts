import { describe, expect, it } from "vitest";
import { type AuthScheme, readCredentials } from "./credentials.js";

const login: readonly AuthScheme[] = [
  { option: "username", env: "OUTHAUL_ACME_USERNAME", in: "header", name: "X_USERNAME", account: true },
  { option: "password", env: "OUTHAUL_ACME_PASSWORD", in: "header", name: "X_PASSWORD" },
];
const key: readonly AuthScheme[] = [
  { option: "apiKey", env: "OUTHAUL_ACME_API_KEY", in: "header", name: "x-api-key" },
];
const read = (options: Record<string, unknown>) => readCredentials("createAcme", [login, key], options);

describe("credentials", () => {
  it.each([
    [
      {},
      'the option "username" is missing. Give it, for example from process.env.OUTHAUL_ACME_USERNAME (or use "apiKey")',
    ],
    [
      { username: "u" },
      'the option "password" is missing. Give it, for example from process.env.OUTHAUL_ACME_PASSWORD',
    ],
    [{ username: "u", password: "" }, 'the option "password" is empty'],
    [{ username: "u", password: "  " }, 'the option "password" is empty'],
    [{ apiKey: 5 }, 'the option "apiKey" is neither a text nor a function'],
    [{ apiKey: "a\nb" }, 'the option "apiKey" holds a line break'],
    [{ apiKey: "k", username: "u" }, 'give either "username", "password" or "apiKey", not both'],
  ])("%j is told by name", (options, message) => {
    expect(() => read(options)).toThrow(new RegExp(message.replace(/[.()]/g, "\\$&")));
    expect(() => read(options)).toThrow(TypeError);
  });

  it("sends the alternative that was given, without the line break that files end with", () => {
    expect(read({ username: "u", password: "p\n" }).headers()).toEqual({ x_username: "u", x_password: "p" });
    expect(read({ apiKey: "k" }).headers()).toEqual({ "x-api-key": "k" });
  });

  it("asks a function once, and again when told to", async () => {
    let asked = 0;
    const credentials = read({ apiKey: async () => `key-${++asked}` });
    expect(await credentials.headers()).toEqual({ "x-api-key": "key-1" });
    expect(await credentials.headers()).toEqual({ "x-api-key": "key-1" });
    credentials.renew();
    expect(await Promise.all([credentials.headers(), credentials.headers()])).toEqual([
      { "x-api-key": "key-2" },
      { "x-api-key": "key-2" },
    ]);
  });

  it("asks again after a function has failed", async () => {
    let asked = 0;
    const credentials = read({
      apiKey: async () => {
        if (++asked === 1) throw new Error("vault sealed");
        return "key";
      },
    });
    await expect(credentials.headers()).rejects.toThrow("vault sealed");
    expect(await credentials.headers()).toEqual({ "x-api-key": "key" });
  });

  it("takes secrets out of texts, names of accounts not", () => {
    const credentials = read({ username: "maria", password: "p@ss word" });
    credentials.headers();
    expect(credentials.redact("maria said p@ss word and p%40ss%20word")).toBe("maria said *** and ***");
  });

  it("makes basic authorization of UTF-8 names", () => {
    const basic: readonly AuthScheme[] = [
      { option: "username", env: "U", in: "basicUser" },
      { option: "password", env: "P", in: "basicPassword" },
    ];
    const headers = readCredentials("createAcme", [basic], { username: "zoë", password: "p" }).headers();
    expect(headers).toEqual({ authorization: `Basic ${Buffer.from("zoë:p").toString("base64")}` });
  });
});
