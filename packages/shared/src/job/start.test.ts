import { describe, expect, it } from "vitest";
import { ApiError, ProtocolError } from "../errors/request-errors.js";
import { CreateAmbiguousError } from "../record/errors.js";
import { settled, startAndWait, take } from "../testing/fake-run.js";
import {
  created,
  done,
  fakeVendor,
  findable,
  run,
  type Scripted,
  state,
  status,
  workflow,
} from "../testing/fake-vendor.js";

describe("A. create", () => {
  it("1. a job that runs twice and is done takes one create and three polls", async () => {
    const { seen, value, at } = await startAndWait({ status: [run, run, done] });
    expect(seen()).toBe("C@0 S@10 S@20 S@30");
    expect(value?.state).toBe("succeeded");
    expect(at).toBe(30);
  });

  it("4. an id that is only in Location is polled", async () => {
    const { requests } = await startAndWait({ create: [status(202, { location: "/exports/j7" }, {})] });
    expect(requests[1]?.url).toBe("https://api.acme.test/exports/j7");
  });

  it("7. a refused request is an ApiError with the vendor's message", async () => {
    const setup = fakeVendor({ create: [status(400, {}, { message: "field x is wrong" })] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).message).toBe(
      "acme: exportThings: POST /exports answered 400: field x is wrong",
    );
    expect(setup.seen()).toBe("C@0");
  });

  it("8. a 401 asks the credential function again, once", async () => {
    let asked = 0;
    const token = () => `secret-${++asked}`;
    const setup = fakeVendor({ create: [status(401), created()] }, { token });
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.requests.map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer secret-1",
      "Bearer secret-2",
    ]);
    const again = fakeVendor({ create: [status(401)] }, { token });
    const { error } = await settled(again, again.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ApiError);
    expect(again.seen()).toBe("C@0 C@0");
  });

  it("9. a 429 with Retry-After is sent again when the vendor allows it", async () => {
    const setup = fakeVendor({ create: [status(429, { "retry-after": "7" }), created()] });
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.seen()).toBe("C@0 C@7");
  });

  it("11. a lost reply is looked for by the unique name, and the job adopted", async () => {
    const setup = fakeVendor({
      create: [{ fail: "reset" }],
      status: [
        (request) => state("running", { name: decodeURIComponent(request.url.split("/").pop() ?? "") }),
      ],
    });
    const job = await setup.clock.settle(setup.client.start(findable, { name: "Active" }));
    expect(setup.seen()).toBe("C@0 S@0");
    expect(job.id).toMatch(/^Active [0-9a-f]{12}$/);
    const [first] = await setup.clock.settle(take(job, 1));
    expect(first).toMatchObject({ type: "created", adopted: true });
  });

  it("12. a lost reply whose job is not found within the visibility window is ambiguous", async () => {
    const setup = fakeVendor({
      create: [{ fail: "reset" }],
      status: [state("running", { name: "another" })],
    });
    const { error, at } = await settled(setup, setup.client.start(findable, { name: "Active" }));
    expect(error).toBeInstanceOf(CreateAmbiguousError);
    expect(at).toBe(30);
    expect(setup.seen()).toBe("C@0 S@0 S@1 S@3 S@7 S@15 S@30");
  });

  it("12. a job that becomes visible late in the window is adopted", async () => {
    const hidden = state("running", { name: "another" });
    const setup = fakeVendor({
      create: [{ fail: "reset" }],
      status: [
        ...[hidden, hidden, hidden, hidden, hidden],
        (request) => state("running", { name: decodeURIComponent(request.url.split("/").pop() ?? "") }),
      ],
    });
    await setup.clock.settle(setup.client.start(findable, { name: "Active" }));
    expect(setup.clock.seconds).toBe(30);
  });

  it("a search for a lost job waits as long as the vendor asks, or gives up", async () => {
    const script = { create: [{ fail: "reset" as const }], status: [status(503, { "retry-after": "20" })] };
    const setup = fakeVendor(script);
    const { error } = await settled(setup, setup.client.start(findable, { name: "Active" }));
    expect(error).toBeInstanceOf(CreateAmbiguousError);
    expect(setup.seen()).toBe("C@0 S@0 S@20");
  });

  it.each([
    ["a 502", status(502)],
    ["a 504", status(504)],
    ["half a body", { fail: "truncated" as const }],
  ])("13. %s in answer to a create is a lost reply", async (_, reply) => {
    const setup = fakeVendor({ create: [reply] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(CreateAmbiguousError);
    expect(setup.seen()).toBe("C@0");
  });

  it.each([
    ["a 503 without Retry-After, which may have been taken", status(503), "C@0"],
    ["a 307 to another origin", status(307, { location: "https://elsewhere.test/exports" }), "C@0"],
    ["a 303, which would make it a GET", status(303, { location: "/exports" }), "C@0"],
    ["a 500", status(500), "C@0"],
  ])("%s is not sent again", async (_, reply, seen) => {
    const setup = fakeVendor({ create: [reply, created()] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ApiError);
    expect(setup.seen()).toBe(seen);
  });

  it("9. a vendor that refuses for ten minutes is believed", async () => {
    const setup = fakeVendor({ create: [status(429, { "retry-after": "200" })] });
    const { error, at } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toMatchObject({ name: "ApiError", status: 429 });
    expect(at).toBe(600);
  });

  it("an accepted create without an id is told as what it is", async () => {
    const setup = fakeVendor({ create: [status(202, {}, {})] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toContain("gave no id to follow it by");
  });

  it("12. an error that repeats the name is no job found", async () => {
    const echo = (code: number) => status(code, {}, { name: "" });
    const named: Scripted = (request) => {
      const name = decodeURIComponent(request.url.split("/").pop() ?? "");
      return status(500, {}, { name });
    };
    const setup = fakeVendor({ create: [{ fail: "reset" }], status: [named, echo(404), named] });
    const { error } = await settled(setup, setup.client.start(findable, { name: "Active" }));
    expect(error).toBeInstanceOf(CreateAmbiguousError);
  });

  it("13. a lost reply without a find step is ambiguous", async () => {
    const setup = fakeVendor({ create: [{ fail: "reset" }] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toMatchObject({ name: "CreateAmbiguousError", requestSent: true });
    expect(setup.seen()).toBe("C@0");
  });

  it("14. a create that was not sent is sent again", async () => {
    const setup = fakeVendor({ create: [{ fail: "refused" }, { fail: "refused" }, created()] });
    await setup.clock.settle(setup.client.start(workflow, {}));
    expect(setup.seen()).toBe("C@0 C@0.5 C@1.5");
  });

  it("19. an abort while the create is in flight rejects with the reason, and nothing follows", async () => {
    const setup = fakeVendor({ create: ["hang"] });
    const controller = new AbortController();
    const started = setup.client.start(workflow, {}, { signal: controller.signal });
    await setup.clock.advance(0.5);
    controller.abort("enough");
    await expect(started).rejects.toBe("enough");
    await setup.clock.advance(100);
    expect(setup.seen()).toBe("C@0");
    expect(setup.clock.pending).toBe(0);
  });

  it("21. a 503 that says it should not be retried is not", async () => {
    const setup = fakeVendor({ create: [status(503, { "x-should-retry": "false", "retry-after": "1" })] });
    const { error } = await settled(setup, setup.client.start(workflow, {}));
    expect(error).toBeInstanceOf(ApiError);
    expect(setup.seen()).toBe("C@0");
  });
});
