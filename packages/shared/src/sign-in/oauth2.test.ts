import { describe, expect, it } from "vitest";
import type { AuthScheme } from "../account/credentials.js";
import type { ClientEvent } from "../client/options.js";
import { createClient } from "../client.js";
import { FakeClock } from "../testing/fake-clock.js";
import { base, definition, workflow } from "../testing/fake-vendor.js";
import { type OAuth2Flow, oauth2SignIn } from "./oauth2.js";

const field = (option: string, name: string): AuthScheme => ({ option, name, env: "E", in: "field" });
const client: readonly AuthScheme[] = [
  field("clientId", "client_id"),
  field("clientSecret", "client_secret"),
];
const token: readonly AuthScheme[] = [{ option: "token", env: "E", in: "bearer" }];
const secrets = { clientId: "the-client", clientSecret: "the-s3cret" };
const withRefresh = { ...secrets, refreshToken: "refresh-0" };
type Answer = (count: number, request: Request) => Response | Promise<Response>;

/** A client of a vendor that gives tokens; each token is good until the test says otherwise. */
function setUp(options: object, answer: Answer, more: Partial<OAuth2Flow> = {}) {
  const clock = new FakeClock();
  const tokenRequests: { url: string; method: string; body: string; headers: Headers }[] = [];
  const used: string[] = [];
  const events: ClientEvent[] = [];
  const bad = new Set<string>();
  const tokenUrl = "https://login.acme.test/token";
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).pathname.endsWith("/token")) {
      const { url, method, headers } = request;
      tokenRequests.push({ url, method, headers, body: await request.clone().text() });
      return answer(tokenRequests.length, request);
    }
    const sent = request.headers.get("authorization") ?? "";
    used.push(sent);
    if (bad.has(sent)) return Response.json({ message: "too old" }, { status: 401 });
    return request.method === "POST"
      ? Response.json({ id: "j1" }, { status: 202 })
      : Response.json({ id: "j1", status: "running" });
  };
  const grant = "refreshToken" in options ? "refresh_token" : "client_credentials";
  const fields = grant === "refresh_token" ? [field("refreshToken", "refresh_token")] : [];
  const signIn = oauth2SignIn({ option: "token", tokenUrl, grant, ...more });
  const acme = createClient(
    { ...definition, auth: [[...client, ...fields], token], signIn },
    { clock, fetch, rateLimit: false, onEvent: (event: ClientEvent) => events.push(event), ...options },
  );
  const start = () => clock.settle(acme.start(workflow, {}));
  const fail = () =>
    start().then(
      () => undefined,
      (error: Error & Record<string, unknown>) => error,
    );
  return { acme, bad, clock, events, fail, start, tokenRequests, used };
}

const give: Answer = (count) => Response.json({ access_token: `token-${count}`, expires_in: 3600 });
const refuse = (status: number, error: string, description: string) =>
  Response.json({ error, error_description: description }, { status });

describe("a client that signs in by OAuth 2", () => {
  it("asks once for all requests that wait for it", async () => {
    const { acme, clock, tokenRequests, used } = setUp(secrets, give);
    await clock.settle(Promise.all([1, 2, 3].map(() => acme.start(workflow, {}))));
    expect(used).toEqual(["Bearer token-1", "Bearer token-1", "Bearer token-1"]);
    expect(tokenRequests).toHaveLength(1);
    expect(tokenRequests[0]).toMatchObject({
      url: "https://login.acme.test/token",
      method: "POST",
      body: "grant_type=client_credentials&client_id=the-client&client_secret=the-s3cret",
    });
  });

  it.each([
    [3600, 3539, 3540],
    [100, 89, 90],
    ["3600", 3539, 3540],
  ])("renews a token of %s s after %s s, not before", async (lifetime, before, after) => {
    const { clock, start, tokenRequests } = setUp(secrets, (count) =>
      Response.json({ access_token: `token-${count}`, expires_in: lifetime }),
    );
    await start();
    await clock.advance(before);
    await start();
    expect(tokenRequests).toHaveLength(1);
    await clock.advance(after - before);
    await start();
    expect(tokenRequests).toHaveLength(2);
  });

  it("keeps a token that names no end until it is refused, and then asks once for all", async () => {
    const { acme, bad, clock, start, tokenRequests, used } = setUp(secrets, (count) =>
      Response.json({ access_token: `token-${count}` }),
    );
    await start();
    await clock.advance(1_000_000);
    bad.add("Bearer token-1");
    await clock.settle(Promise.all([1, 2, 3].map(() => acme.start(workflow, {}))));
    expect(tokenRequests).toHaveLength(2);
    expect(used.slice(-3)).toEqual(["Bearer token-2", "Bearer token-2", "Bearer token-2"]);
  });

  it("goes on with the refresh token that it was given last, and with the user's when that is refused", async () => {
    const told: string[] = [];
    const onRefreshToken = (text: string) => {
      told.push(text);
      throw new Error("not kept");
    };
    const { bad, events, fail, start, tokenRequests } = setUp({ ...withRefresh, onRefreshToken }, (count) =>
      count === 3
        ? refuse(400, "invalid_grant", "used up")
        : Response.json({ access_token: `token-${count}`, refresh_token: `refresh-${count}` }),
    );
    await start();
    bad.add("Bearer token-1");
    await start();
    bad.add("Bearer token-2");
    expect(String(await fail())).toContain("invalid_grant: used up");
    await start();
    expect(tokenRequests.map(({ body }) => new URLSearchParams(body).get("refresh_token"))).toEqual([
      "refresh-0",
      "refresh-1",
      "refresh-2",
      "refresh-0",
    ]);
    expect(told).toEqual(["refresh-1", "refresh-2", "refresh-4"]);
    expect(events.filter(({ type }) => type === "listenerFailed")).toHaveLength(1);
  });

  it("takes functions of secrets, and asks them again for the next token", async () => {
    let asked = 0;
    const clientSecret = async () => `secret-${++asked}`;
    const { bad, start, tokenRequests } = setUp({ ...secrets, clientSecret }, give);
    await start();
    bad.add("Bearer token-1");
    await start();
    expect(tokenRequests.map(({ body }) => new URLSearchParams(body).get("client_secret"))).toEqual([
      "secret-1",
      "secret-2",
    ]);
  });

  it("sends id and secret where the flow says: HTTP Basic, or the query of a GET", async () => {
    const odd = { clientId: "a:b", clientSecret: "c d" };
    const basic = setUp(odd, give, { clientIn: "basic", fields: { audience: "https://{space}x/" } });
    await basic.start();
    const [first] = basic.tokenRequests;
    expect(atob(first?.headers.get("authorization")?.slice(6) ?? "")).toBe("a%3Ab:c+d");
    expect(first?.body).toBe("grant_type=client_credentials&audience=https%3A%2F%2Fx%2F");
    const query = setUp(secrets, give, { clientIn: "query" });
    await query.start();
    expect(query.tokenRequests[0]).toMatchObject({
      method: "GET",
      url: "https://login.acme.test/token?grant_type=client_credentials&client_id=the-client&client_secret=the-s3cret",
      body: "",
    });
  });

  it("asks at the same path of a baseUrl", async () => {
    const { start, tokenRequests } = setUp({ ...secrets, baseUrl: "http://127.0.0.1:8080/gate" }, give);
    await start();
    expect(tokenRequests.map(({ url }) => url)).toEqual(["http://127.0.0.1:8080/gate/token"]);
  });

  it("says when to ask again where the address of tokens limits its requests", async () => {
    const { events, fail } = setUp(
      secrets,
      () => new Response("", { status: 429, headers: { "retry-after": "7", "x-request-id": "r-1" } }),
    );
    expect(await fail()).toMatchObject({
      name: "ApiError",
      message: "acme: POST https://login.acme.test/token answered 429 (rate limited; retry in 7 s)",
      retryAfterMs: 7000,
      isRetryable: true,
    });
    expect(events).toMatchObject([{ type: "request", status: 429, requestId: "r-1" }]);
  });

  it("shows no secret and no token, whatever the token address and the vendor repeat", async () => {
    const { events, fail } = setUp(withRefresh, async (_, request) =>
      refuse(400, "invalid_request", `read the-client the-s3cret refresh-0 ${await request.text()}`),
    );
    const error = await fail();
    const shown = JSON.stringify([error, error?.["body"], error?.stack, String(error), events]);
    expect(shown).toContain(
      "acme: POST https://login.acme.test/token answered 400: invalid_request: read ***",
    );
    expect(shown).not.toMatch(/the-client|the-s3cret|refresh-0/);
    expect(events).toEqual([
      expect.objectContaining({ type: "request", path: "https://login.acme.test/token", status: 400 }),
    ]);
  });

  it.each<[string, Answer, object]>([
    [
      "a redirect, which is not followed",
      () => new Response(null, { status: 307, headers: { location: "https://evil.test/token" } }),
      {
        name: "ApiError",
        status: 307,
        message: expect.stringContaining("a redirect to https://evil.test/token"),
      },
    ],
    [
      "a refusal with the code 200",
      () => refuse(200, "bad_verification_code", "late"),
      { name: "ApiError", message: expect.stringContaining("bad_verification_code: late") },
    ],
    [
      "a reply without a token",
      () => Response.json({ scope: "secret-scope" }),
      { name: "ProtocolError", message: expect.stringMatching(/no access_token; there is scope$/) },
    ],
    [
      "a token that no header carries",
      () => Response.json({ access_token: "a\nb" }),
      { name: "ProtocolError", message: expect.stringContaining("no access_token") },
    ],
    [
      "a page",
      () => new Response("<h1>Busy</h1>", { status: 503, headers: { "content-type": "text/html" } }),
      { name: "ApiError", isRetryable: true, message: expect.stringContaining("answered 503: Busy") },
    ],
    [
      "no connection",
      () => {
        throw new TypeError("fetch failed");
      },
      {
        name: "ConnectionError",
        requestSent: false,
        message: expect.stringContaining("/token: no reply: fetch failed"),
      },
    ],
    [
      "silence",
      () => new Promise<Response>(() => {}),
      {
        code: "REQUEST_TIMEOUT",
        requestSent: false,
        message: expect.stringContaining("login.acme.test/token"),
      },
    ],
  ])("tells of %s", async (_, answer, expected) => {
    const { clock, fail, used } = setUp(secrets, answer);
    expect(await fail()).toMatchObject(expected);
    expect(used).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it("counts a failed renewal as a failed poll while a job lives, and goes on", async () => {
    let isDown = false;
    const { acme, clock, start } = setUp(secrets, (count, request) =>
      isDown ? refuse(503, "temporarily_unavailable", "later") : give(count, request),
    );
    const job = await start();
    const waiting = job.wait(base);
    const outcome = waiting.catch((error: unknown) => error);
    await clock.advance(3530);
    isDown = true;
    await clock.advance(100);
    expect(job.snapshot.state).toBe("running");
    isDown = false;
    await clock.advance(30);
    expect(job.snapshot.state).toBe("running");
    isDown = true;
    await clock.advance(8000);
    const error = await outcome;
    expect(error).toMatchObject({ code: "POLL_FAILED" });
    expect(String(error)).toContain("temporarily_unavailable: later");
    expect(acme.resume(job.token).id).toBe("j1");
  });

  it("refuses options that do not go together, by name", () => {
    const make = (options: object) => () => setUp(options, give);
    expect(make({})).toThrow('the option "clientId" is missing');
    expect(make({ clientId: "a" })).toThrow('the option "clientSecret" is missing');
    expect(make({ ...secrets, token: "t" })).toThrow("not both");
    expect(make({ ...secrets, onRefreshToken() {} })).toThrow('there is no option "onRefreshToken"');
    expect(make({ ...withRefresh, onRefreshToken: 5 })).toThrow('"onRefreshToken" must be a function');
    const { clientId, clientSecret, refreshToken, ...none } = withRefresh;
    expect(make({ ...none, refreshToken: undefined, token: "t", onRefreshToken() {} })).toThrow(
      'the option "onRefreshToken" goes with "refreshToken"',
    );
  });
});
