import { type CarmaOptions, createCarma } from "@outhaul/carma";
import { listen, sha256Of } from "@outhaul/sandbox/node";
import { describe, expect, it } from "vitest";
import { quick, useVendor } from "../run-vendor.js";
import { changeJson, watchRequests } from "../watch-requests.js";

const setup = useVendor("carma");
const opens = { exportType: "OPENS", period: "LAST_DAY" } as const;

function client(options: Partial<CarmaOptions> = {}) {
  const { baseUrl } = setup.listening;
  const account = { token: "sandbox-token", server: "eu-proxy-1.symplifymail.com", customerId: "5004" };
  return createCarma({ baseUrl, ...account, rateLimit: false, ...options });
}
const vendor = () => setup.listening.sandbox;
const operations = () =>
  vendor()
    .requests()
    .map(({ operation }) => operation);
/** What is sent on to the store. */
const stored = () =>
  vendor()
    .requests()
    .filter(({ operation }) => operation === "(store)");
const fast = { ...quick, retry: { minDelayMs: 1 } };

describe("a status word", () => {
  it.each([
    [" PENDING", "queued"],
    ["PENDING", "queued"],
    [" IN_PROGRESS ", "running"],
    ["FINISHED", "succeeded"],
    ["\tFINISHED\n", "succeeded"],
    [" ERROR ", "failed"],
    ["FAILED", "failed"],
    [" CANCELED", "cancelled"],
    ["UNFINISHED", "unknown"],
    ["PENDING|IN_PROGRESS|FINISHED", "unknown"],
  ])("%j means %s", async (word, state) => {
    vendor().configure({ polls: 100 });
    const job = await client().exportStatistics(opens);
    vendor().fault({ kind: "unknownStatus", word });
    expect((await job.refresh()).state).toBe(state);
  });
});

describe("the counts of a batch", () => {
  it("are its progress, and do not tell its end", async () => {
    const full = { status: "IN_PROGRESS", processed: 501, total: 501 };
    const { fetch } = watchRequests(changeJson(/batches\/\d+$/, (body: object) => ({ ...body, ...full })));
    const job = await client({ fetch }).exportStatistics(opens);
    expect(await job.refresh()).toMatchObject({
      ...{ state: "running", progress: { done: 501, total: 501, fraction: 1 } },
    });
  });

  it("may fall short in a batch that has finished", async () => {
    const job = await client().exportStatistics(opens);
    expect(await job.wait(quick)).toMatchObject({ state: "succeeded", progress: { done: 500, total: 501 } });
  });
});

describe("the id of a batch", () => {
  const numeric = () => {
    const asNumber = ({ batchId }: { batchId: string }) => ({ batchId: Number(batchId) });
    return watchRequests(changeJson(/statistics$/, asNumber)).fetch;
  };

  it.each([
    ["text", undefined],
    ["number", numeric],
  ])("may come as a %s", async (_, fetch) => {
    const job = await client(fetch && { fetch: fetch() }).exportStatistics(opens);
    expect(job.id).toBe(vendor().jobs()[0]?.id);
    expect((await client().resume(job.token).wait(quick)).state).toBe("succeeded");
  });

  it.each([String, Number])("may be given to a call as a text or a number: %o", async (form) => {
    const { id } = await client().exportStatistics(opens);
    const params = { path: { batchId: form(id) } };
    const { data } = await client().api.GET("/batches/{batchId}", { params });
    expect(data?.id).toBe(Number(id));
  });

  it.each(["1/result", "../apiurl", "1?x=2"])("such as %j stays one part of the path", async (batchId) => {
    await client().api.GET("/batches/{batchId}", { params: { path: { batchId } } });
    expect(vendor().requests()).toMatchObject([{ operation: "getBatch", query: [] }]);
  });

  it("that is missing in the reply is told, since the export may run all the same", async () => {
    const { fetch } = watchRequests(changeJson(/statistics$/, () => ({})));
    await expect(client({ fetch }).exportStatistics(opens)).rejects.toMatchObject({
      ...{ name: "ProtocolError", message: expect.stringContaining("gave no id to follow it by") },
    });
  });
});

it.each([200, 201, 202])("any code of success will do for a start: %i", async (status) => {
  const { fetch } = watchRequests(async ({ method }, pass) => {
    const reply = await pass();
    return method === "POST" ? new Response(reply.body, { status }) : reply;
  });
  expect((await client({ fetch }).exportStatistics(opens)).id).toBe(vendor().jobs()[0]?.id);
});

it("a start whose reply was lost cannot be looked for, so that the user is told", async () => {
  vendor().fault({ kind: "lostReply" });
  await expect(client().exportStatistics(opens)).rejects.toMatchObject({ name: "CreateAmbiguousError" });
  expect(operations()).toEqual(["startStatisticsExport"]);
});

describe("the file's address", () => {
  it("is asked for as text, because asking for JSON is refused", async () => {
    const { fetch, sent } = watchRequests();
    const carma = client({ fetch });
    const job = await carma.exportStatistics(opens);
    await job.save(`${setup.folder}/`, quick);
    expect(sent.find(({ url }) => url.pathname.endsWith("/result/url"))?.headers.get("accept")).toBe(
      "text/plain",
    );

    const params = { path: { batchId: job.id } };
    const asked = { params, parseAs: "text", headers: { accept: "application/json" } } as const;
    expect((await carma.api.GET("/batches/{batchId}/result/url", asked)).response.status).toBe(406);
  });

  it.each([
    ["a line break after it", (url: string) => `${url}\n`],
    ["blanks around it", (url: string) => `  ${url} \r\n`],
    ["quotes around it", (url: string) => `"${url}"\n`],
  ])("may come with %s", async (_, dress) => {
    const { fetch } = watchRequests(async ({ url }, pass) => {
      const reply = await pass();
      const isAddress = url.pathname.endsWith("/url");
      return isAddress ? new Response(dress(await reply.text()), { headers: reply.headers }) : reply;
    });
    const job = await client({ fetch }).exportStatistics(opens);
    const { sha256 } = await job.save(`${setup.folder}/`, { ...quick, sha256: true });
    expect(sha256).toBe(sha256Of(vendor().fileOf(job.id)));
  });

  it.each(["", " ", "mailto:ada@example.com"])("that is no address is told: %j", async (text) => {
    const { fetch } = watchRequests(async ({ url }, pass) => {
      if (!url.pathname.endsWith("/url")) return pass();
      return new Response(text, { headers: { "content-type": "text/plain" } });
    });
    const job = await client({ fetch }).exportStatistics(opens);
    await expect(job.save(`${setup.folder}/`, quick)).rejects.toThrow(
      /no address of a file|only http and https/,
    );
  });

  it("gives the file its name, which ends in .json", async () => {
    const job = await client().exportStatistics(opens);
    const { path } = await job.save(`${setup.folder}/`, quick);
    expect(path).toBe(`${setup.folder}/${job.id}_result.json`);
  });

  it("is asked for anew when it has expired in the middle of the file, which then goes on", async () => {
    const startedAt = Date.UTC(2026, 10, 22);
    let time = startedAt;
    const jobs = { polls: 0, sizeBytes: 300_000 };
    const { vendors, close } = await listen({ vendors: ["carma"], jobs, now: () => time, linkTtlMs: 60_000 });
    const { baseUrl = "", sandbox } = { ...vendors["carma"] };
    const job = await client({ baseUrl }).exportStatistics(opens);
    sandbox?.fault({ kind: "cutConnection", atByte: 100_000 });
    const file = await job.save(`${setup.folder}/`, {
      ...{ ...fast, sha256: true },
      onEvent: ({ type }) => {
        if (type === "retry") time = startedAt + 120_000;
      },
    });
    const seen = sandbox?.requests().map(({ operation, status }) => `${operation} ${status}`);
    expect(seen?.slice(2)).toEqual([
      ...["getBatchResultUrl 200", "(store) 200", "(store) 403"],
      ...["getBatchResultUrl 200", "(store) 206"],
    ]);
    expect(file).toMatchObject({ resumed: 1, restarted: 0 });
    expect(file.sha256).toBe(sandbox && sha256Of(sandbox.fileOf(job.id)));
    await close();
  });

  it("is asked for anew by every download", async () => {
    const job = await client().exportStatistics(opens);
    for (const name of ["a.json", "b.json"]) await job.save(`${setup.folder}/${name}`, quick);
    expect(operations().filter((operation) => operation === "getBatchResultUrl")).toHaveLength(2);
  });
});

describe("the store", () => {
  const harmless = [
    ...["accept", "accept-encoding", "accept-language", "user-agent", "sec-fetch-mode"],
    ...["host", "connection", "range", "if-range"],
  ];

  it("is sent no token and no header of the vendor's, on no attempt", async () => {
    const job = await client({ userAgent: "nightly/1" }).exportStatistics(opens);
    vendor().fault({ kind: "cutConnection", atByte: 100_000 });
    await job.save(`${setup.folder}/`, fast);
    expect(stored()).toHaveLength(2);
    for (const { headers } of stored()) for (const name of headers) expect(harmless).toContain(name);
    const told = vendor()
      .requests()
      .filter(({ operation }) => operation !== "(store)");
    for (const { headers } of told) expect(headers).toContain("x-carma-authentication-token");
  });

  it("is sent nothing by the call that redirects to it: the address is handed back", async () => {
    const { api, exportStatistics } = client();
    const job = await exportStatistics(opens);
    await job.wait(quick);
    const params = { path: { batchId: job.id } };
    const { response } = await api.GET("/batches/{batchId}/result", { params });
    const location = response.headers.get("location") ?? "";
    expect(response.status).toBe(302);
    expect(location).toContain(`/${job.id}_result.json?`);
    expect(stored()).toEqual([]);

    const file = await fetch(location);
    expect((await file.arrayBuffer()).byteLength).toBe(vendor().fileOf(job.id).sizeBytes);
  });
});

describe("the server", () => {
  it.each([
    ["eu-proxy-1.symplifymail.com", "https://eu-proxy-1.symplifymail.com/rest/5004/apiurl"],
    ["ibt-proxy.carmamail.com/www2", "https://ibt-proxy.carmamail.com/www2/rest/5004/apiurl"],
  ])("%s makes the address %s", async (server, address) => {
    const { fetch, sent } = watchRequests(() => Response.json({}));
    await createCarma({ token: "secret", server, customerId: "5004", fetch }).api.GET("/apiurl");
    expect(sent[0]?.url.href).toBe(address);
  });

  it("has to be given, and the customer, too", () => {
    const options = { token: "secret", server: "eu-proxy-1.symplifymail.com", customerId: "5004" };
    for (const name of ["server", "customerId"]) {
      const empty = () => createCarma({ ...options, [name]: "" });
      expect(empty).toThrow(new TypeError(`createCarma: the option "${name}" is empty`));
      const missing = () => createCarma({ ...options, [name]: undefined });
      expect(missing).toThrow(new TypeError(`createCarma: the option "${name}" is missing`));
    }
  });

  it("may differ between two clients of a token, but not the customer", async () => {
    const { id, token } = await client().exportStatistics(opens);
    expect(client({ server: "ibt-proxy.carmamail.com/www2" }).resume(token).id).toBe(id);
    expect(() => client({ customerId: "5005" }).resume(token)).toThrow(/of another account/);
  });
});

it.each([
  ["JSON", "application/json", '{"error":"Unknown exportType"}'],
  ["plain text", "text/plain", "Unknown exportType"],
])("an error in %s is told in its own words", async (_, type, text) => {
  const { fetch } = watchRequests(
    () => new Response(text, { status: 400, headers: { "content-type": type } }),
  );
  await expect(client({ fetch }).exportStatistics(opens)).rejects.toThrow(
    "carma: exportStatistics: POST /batches/exports/statistics answered 400: Unknown exportType",
  );
});
