import * as namesOfHttp from "node:http"; // as a user's program may have it, before any mock
import * as namesOfHttps from "node:https";
import { mock } from "node:test";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import nock from "nock";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createClient } from "./client.js";
import { downloadTo } from "./download/download.js";
import { definition, workflow } from "./testing/fake-vendor.js";
import { testFolder } from "./testing/folder.js";

const API = "https://api.acme.test"; // resolves nowhere

afterEach(() => {
  nock.cleanAll();
  nock.restore();
});

/** Runs an export as a user's program does it. */
async function runExport(): Promise<string> {
  const folder = await testFolder();
  const client = createClient(definition, { token: "secret-token" });
  const job = await client.start(workflow, {});
  await job.save(folder.file("out.csv"), { schedule: () => 1, retry: { attempts: 1 } });
  return (await folder.read("out.csv")).toString();
}

describe("5.1 whoever mocks HTTP catches all requests of an export", () => {
  it("nock, after node:http was imported by its names", async () => {
    expect(namesOfHttp.request).toBeTypeOf("function");
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
    nock(API).post("/exports").reply(202, { id: "j1" });
    nock(API).get("/exports/j1").reply(200, { id: "j1", status: "done" });
    nock(API).get("/exports/j1/file").reply(200, "a;b\n", { "content-type": "text/csv" });
    expect(await runExport()).toBe("a;b\n");
    nock.enableNetConnect();
  });

  it("msw", async () => {
    const server = setupServer(
      http.post(`${API}/exports`, () => HttpResponse.json({ id: "j1" }, { status: 202 })),
      http.get(`${API}/exports/j1`, () => HttpResponse.json({ id: "j1", status: "done" })),
      http.get(`${API}/exports/j1/file`, () => HttpResponse.text("a;b\n")),
    );
    server.listen({ onUnhandledRequest: "error" });
    try {
      expect(await runExport()).toBe("a;b\n");
    } finally {
      server.close();
    }
  });

  it.each(["http", "https"] as const)(
    "a download by %s of somebody who replaced its request",
    async (scheme) => {
      const module = (
        { http: namesOfHttp, https: namesOfHttps }[scheme] as unknown as { default: typeof namesOfHttp }
      ).default;
      const asked = vi.spyOn(module, "request").mockImplementation(() => {
        throw Object.assign(new Error("mocked"), { code: "ERR_MOCKED" });
      });
      try {
        await expect(downloadTo(`${scheme}://127.0.0.1:1/`, (await testFolder()).file("a"))).rejects.toThrow(
          "ERR_MOCKED",
        );
        expect(asked).toHaveBeenCalledTimes(1);
      } finally {
        asked.mockRestore();
      }
    },
  );
});

describe("5.4 the clock of a test is the clock of a wait", () => {
  /** A vendor whose job is done after an hour of the faked time. */
  function hourlyVendor() {
    let polls = 0;
    const fetch: typeof globalThis.fetch = async (_, init) => {
      if (init?.method === "POST") return Response.json({ id: "j1" }, { status: 202 });
      return Response.json({ id: "j1", status: ++polls > 60 ? "done" : "running" });
    };
    return {
      client: createClient(definition, { token: "secret-token", fetch, rateLimit: false }),
      polls: () => polls,
    };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const { setTimeout: realTimeout } = globalThis;
  const breath = () => new Promise((resolve) => realTimeout(resolve, 10));

  it.each(["before", "after"])("node:test, the client made %s the timers are mocked", async (when) => {
    let vendor = hourlyVendor();
    if (when === "before") await (await vendor.client.start(workflow, {})).refresh();
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    try {
      if (when === "after") vendor = hourlyVendor();
      const job = await vendor.client.start(workflow, {});
      let ended = false;
      const waiting = job.wait().then(() => {
        ended = true;
      });
      let seconds = 0;
      let polledAt = 0;
      for (let polls = 0; !ended && seconds < 7200; seconds += 10) {
        mock.timers.tick(10_000);
        for (let i = 0; i < 5; i++) await turn();
        if (vendor.polls() > polls) polledAt = seconds;
        polls = vendor.polls();
        // What is loaded between two polls takes real time, which a busy machine has to get.
        if (seconds - polledAt > 120) await breath();
      }
      expect(ended).toBe(true);
      await waiting;
      expect(vendor.polls()).toBeGreaterThan(60);
      expect(seconds).toBeGreaterThan(1000);
    } finally {
      mock.timers.reset();
    }
  });

  it("vitest's fake timers", async () => {
    const before = hourlyVendor();
    await (await before.client.start(workflow, {})).refresh();
    vi.useFakeTimers();
    try {
      for (const vendor of [before, hourlyVendor()]) {
        const job = await vendor.client.start(workflow, {});
        const waiting = job.wait();
        for (let minutes = 0; minutes < 120; minutes++) await vi.advanceTimersByTimeAsync(60_000);
        expect(await waiting).toMatchObject({ state: "succeeded" });
        expect(vendor.polls()).toBeGreaterThan(60);
      }
    } finally {
      vi.useRealTimers();
    }
  });
});
