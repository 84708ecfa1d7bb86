import { describe, expect, it } from "vitest";
import { countListeners, settled } from "../testing/fake-run.js";
import { created, done, fakeVendor, run, type Script, state, status } from "../testing/fake-vendor.js";
import type { ClientEvent } from "./options.js";

interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}
type Method = (path: string, init?: object) => Promise<Answer>;
type AnyApi = Record<"GET" | "POST", Method> & {
  request(method: string, path: string, init?: object): Promise<Answer>;
  use(middleware: object): void;
};

/** A client whose calls are not typed by a spec, and the paths that its events tell. */
function untyped(script: Script, options: Parameters<typeof fakeVendor>[1] = {}) {
  const paths: string[] = [];
  const onEvent = (event: ClientEvent) => event.type === "request" && paths.push(event.path);
  const setup = fakeVendor(script, { onEvent, ...options });
  return { ...setup, api: setup.client.api as unknown as AnyApi, paths };
}

const path = "/exports/{id}";
const params = { path: { id: "a/b" }, query: { page: 2 } };

describe("calls of operations", () => {
  it("carry credentials and are told of by the template of their path", async () => {
    const { api, clock, requests, paths } = untyped({ status: [run] });
    const { data, response } = await clock.settle(api.GET(path, { params }));
    expect(data).toEqual({ id: "j1", status: "running" });
    expect(response.ok).toBe(true);
    expect(requests[0]).toMatchObject({
      url: "https://api.acme.test/exports/a%2Fb?page=2",
      headers: { authorization: "Bearer secret-token", "user-agent": "outhaul-acme/1.0.0" },
    });
    expect(paths).toEqual([path]);
    expect(clock.pending).toBe(0);
  });

  it("are told of by their template through request() and with a middleware, too", async () => {
    const { api, clock, requests, paths } = untyped({ status: [run] });
    await clock.settle(api.request("get", path, { params }));
    const onRequest = async ({ request }: { request: Request }) => {
      request.headers.set("x-mine", "1");
    };
    await clock.settle(api.GET(path, { params, middleware: [{ onRequest }] }));
    api.use({ onRequest });
    await clock.settle(Promise.all([api.GET(path, { params }), api.GET("/exports")]));
    expect(paths).toEqual([path, path, path, "/exports"]);
    expect(requests.map(({ headers }) => headers["x-mine"])).toEqual([undefined, "1", "1", "1"]);
  });

  it.each([false, true])(
    "end at once when their signal is aborted (with a middleware: %s)",
    async (layered) => {
      const { api, clock } = untyped({ status: ["hang"] });
      if (layered) api.use({ onRequest: async () => undefined });
      const controller = new AbortController();
      const calling = api.GET(path, { params, signal: controller.signal });
      await clock.advance(3);
      controller.abort("enough");
      await expect(calling).rejects.toBe("enough");
      expect(clock.pending).toBe(0);
      const waiting = api.GET(path, { params, signal: AbortSignal.abort("before") });
      await expect(waiting).rejects.toBe("before");
    },
  );

  it("are cut soon after their time, those that began together by one timer", async () => {
    const { api, clock } = untyped({ status: ["hang", "hang", "hang", run] });
    const cut: unknown[] = [];
    const call = () =>
      api.GET(path, { params }).catch(({ code }: { code: string }) => cut.push(`${code} ${clock.seconds}`));
    void call();
    await clock.advance(1);
    void call();
    await clock.flush();
    expect(clock.pending).toBe(1);
    await clock.advance(5);
    void call();
    await clock.flush();
    await call();
    expect(clock.pending).toBe(2);
    await clock.advance(100);
    expect(cut).toEqual(["REQUEST_TIMEOUT 31.875", "REQUEST_TIMEOUT 31.875", "REQUEST_TIMEOUT 37.875"]);
    expect(clock.pending).toBe(0);
  });

  it("are cut to the millisecond where they have a signal of their own, which keeps no listener", async () => {
    const { api, clock } = untyped({ status: ["hang"] });
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    const before = listeners(); // those of the platform's Request
    const { at, error } = await settled({ clock }, api.GET(path, { params, signal }));
    expect(at).toBe(30);
    expect(error).toMatchObject({ code: "REQUEST_TIMEOUT" });
    expect(listeners() - before).toBeLessThanOrEqual(1);
  });

  it("a fetch that does not heed the signal is left behind", async () => {
    const { api, clock } = untyped({}, { fetch: () => new Promise<Response>(() => {}) });
    expect(await settled({ clock }, api.GET("/exports"))).toMatchObject({
      at: 31.875,
      error: { code: "REQUEST_TIMEOUT" },
    });
  });

  it("send their body again with new credentials after a 401", async () => {
    let asked = 0;
    const { api, clock, requests } = untyped(
      { create: [status(401), created()] },
      { token: () => `secret-${++asked}` },
    );
    const { data } = await clock.settle(api.POST("/exports", { body: { name: "Active" } }));
    expect(data).toEqual({ id: "j1" });
    expect(requests.map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer secret-1",
      "Bearer secret-2",
    ]);
  });

  it("an error that comes with a 200 is an ApiError", async () => {
    const { api, clock } = untyped({ status: [state("x", { error: true, message: "no such list" }), done] });
    const { error } = await settled({ clock }, api.GET(path, { params }));
    expect(error).toMatchObject({ name: "ApiError", status: 200 });
    expect((error as Error).message).toBe(`acme: GET ${path} answered 200 with an error: no such list`);
  });

  it.each([{}, { id: "" }, { id: ".." }])("a path with %j is refused before it is sent", async (given) => {
    const { api, requests } = untyped({});
    await expect(api.GET(path, { params: { path: given } })).rejects.toBeInstanceOf(TypeError);
    expect(requests).toEqual([]);
  });
});
