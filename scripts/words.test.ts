import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { SandboxOptions, SandboxVendor, VendorSpec } from "@outhaul/sandbox";
import { environmentOf, type Listening, listen, sha256Of } from "@outhaul/sandbox/node";
import type { ExportJob, SaveOptions } from "@outhaul/shared";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { onTerminal } from "../packages/cli/src/testing/on-terminal.js";
import { run } from "../packages/codegen/src/generate/run.js";
import { repositoryAt } from "../packages/codegen/src/testing/fixture-repository.js";
import { FakeClock } from "../packages/shared/src/testing/fake-clock.js";
import { root } from "./vendors.js";

const words = `${root}packages/codegen/src/testing/words`;
const names = readdirSync(words).filter((name) => !name.includes("."));
const quick = { schedule: () => 2 };

type Start = (request: object, options?: object) => Promise<ExportJob>;
type Client = Readonly<Record<string, Start>> & { resume(token: string): ExportJob; api: never };

let repository: string;
beforeAll(async () => {
  mkdirSync(`${root}.cache`, { recursive: true });
  repository = mkdtempSync(`${root}.cache/words-`);
  for (const name of names) cpSync(`${words}/${name}`, `${repository}/specs/${name}`, { recursive: true });
  for (const file of ["LICENSE", "biome.json", "tsconfig.base.json"])
    cpSync(root + file, `${repository}/${file}`);
  mkdirSync(`${repository}/packages/shared`, { recursive: true });
  writeFileSync(
    `${repository}/packages/shared/package.json`,
    '{ "name": "@outhaul/shared", "version": "1.2.3" }',
  );
  const lines: string[] = [];
  expect([await run(repositoryAt(repository), [], (line) => lines.push(line)), lines.join("\n")]).toEqual([
    0,
    expect.any(String),
  ]);
}, 60_000);
afterAll(() => rmSync(repository, { recursive: true }));

let listening: Listening | undefined;
afterEach(() => listening?.close());

/** A sandbox of one of the sample vendors, and a client for it. */
async function setUp(name: string, options: object = {}, sandbox: SandboxOptions = {}) {
  const file = `${repository}/packages/sandbox/src/generated/${name}.json`;
  const spec = JSON.parse(readFileSync(file, "utf8")) as VendorSpec;
  listening = await listen({ specs: { [name]: spec }, jobs: { polls: 2, sizeBytes: 5000 }, ...sandbox });
  return connect(name, options);
}

/** Another client for the vendor of {@link setUp}. */
async function connect(name: string, options: object) {
  const module = await import(pathToFileURL(`${repository}/packages/${name}/src/index.ts`).href);
  const createName = Object.keys(module).find((key) => key.startsWith("create")) ?? "";
  const { sandbox: vendor, clientOptions } = listening?.vendors[name] ?? {};
  if (!vendor) throw new Error(`the sandbox has no ${name}`);
  const { token, ...others } = clientOptions ?? {};
  const settings = {
    ...("clientId" in options ? others : clientOptions),
    rateLimit: false,
    ...options,
  };
  return { vendor, client: module[createName](settings) as Client };
}

/** The command line in a project that has installed the package of a sample vendor. */
async function installed(name: string) {
  const vendor = listening?.vendors[name];
  if (!vendor) throw new Error(`the sandbox has no ${name}`);
  const base = folder();
  const cwd = `${base}/project`;
  mkdirSync(cwd);
  const source = `${repository}/packages/${name}`;
  const target = `${cwd}/node_modules/@outhaul/${name}`;
  mkdirSync(target, { recursive: true });
  writeFileSync(`${cwd}/package.json`, JSON.stringify({ dependencies: { [`@outhaul/${name}`]: "*" } }));
  cpSync(`${source}/package.json`, `${target}/package.json`);
  cpSync(`${source}/src`, `${target}/src`, { recursive: true });
  await build({
    entryPoints: [`${source}/src/index.ts`],
    outfile: `${target}/dist/index.js`,
    bundle: true,
    format: "esm",
    packages: "external",
  });
  const env = {
    PATH: process.env["PATH"],
    HOME: cwd,
    XDG_STATE_HOME: `${cwd}/state`,
    ...environmentOf(vendor),
  };
  /** Runs without holding up the sandbox, which answers in this process. */
  const outhaul = async (args: string[], settings: Record<string, string> = {}) => {
    const command = [`${root}packages/cli/dist/main.js`, ...args];
    const child = spawn(process.execPath, command, { cwd, env: { ...env, ...settings } });
    const texts = { stdout: "", stderr: "" };
    child.stdout.on("data", (text) => (texts.stdout += text));
    child.stderr.on("data", (text) => (texts.stderr += text));
    const [code] = await once(child, "close");
    return { code, ...texts };
  };
  /** Runs on a terminal of 60 columns; returns what stands there in the end, line by line. */
  const onScreen = async (args: string[]): Promise<string[]> => {
    const { screen } = await onTerminal({ folder: base, env }, args, {}, 60).ended;
    return stripVTControlCharacters(screen).split(/[\r\n]+/);
  };
  return { outhaul, onScreen, cwd };
}

const folder = () => mkdtempSync(join(repository, "out-"));
const save = (job: ExportJob, options: SaveOptions = {}) =>
  job.save(`${folder()}/`, { ...quick, sha256: true, ...options });

it("the generated packages compile", () => {
  const config = {
    extends: "./tsconfig.base.json",
    compilerOptions: { noEmit: true },
    include: names.map((name) => `packages/${name}/src`),
  };
  writeFileSync(`${repository}/tsconfig.json`, JSON.stringify(config));
  const tsc = () =>
    execFileSync(`${root}node_modules/.bin/tsc`, ["-p", repository], { encoding: "utf8", stdio: "pipe" });
  expect(tsc).not.toThrow();
}, 60_000);

it("the generated packages pass the linter", () => {
  const lint = () =>
    execFileSync(
      `${root}node_modules/.bin/biome`,
      ["ci", "--vcs-enabled=false", ...names.map((name) => `packages/${name}`)],
      {
        cwd: repository,
        encoding: "utf8",
        stdio: "pipe",
      },
    );
  expect(lint).not.toThrow();
}, 60_000);

describe("formal", () => {
  const request = { type: "sales", days: 3, shops: ["a", "b"], filter: { from: 1 }, columns: ["id", "sum"] };

  it("sends the start as a form, finds the job in the query, and fetches the address in the status", async () => {
    const sent: { type: string | null; body: string }[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const one = new Request(input, init);
      sent.push({ type: one.headers.get("content-type"), body: await one.clone().text() });
      return globalThis.fetch(one);
    };
    const { client, vendor } = await setUp("formal", { fetch });
    const job = await client["exportReport"]?.(request);
    expect(sent[0]?.type).toBe("application/x-www-form-urlencoded");
    expect(decodeURIComponent(sent[0]?.body ?? "")).toBe(
      "type=sales&days=3&shops=a&shops=b&filter[from]=1&columns[0]=id&columns[1]=sum",
    );
    expect(job).toBeDefined();
    if (!job) return;
    const saved = await save(job);
    expect(saved.sha256).toBe(sha256Of(vendor.fileOf(job.id)));
  });

  it("a start that is refused with the code 200 is an error, and no job", async () => {
    const fetch: typeof globalThis.fetch = async () =>
      Response.json({ code: 40002, message: "no such shop" });
    const { client } = await setUp("formal", { fetch });
    await expect(client["exportReport"]?.(request)).rejects.toThrow("no such shop");
  });

  it("takes no data for no failure: nothing is written, or an empty file, or an error, as is asked for", async () => {
    const { client, vendor } = await setUp("formal");
    vendor.configure({ outcome: "empty" });
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    const to = folder();
    expect(await job.save(`${to}/`, quick)).toMatchObject({ empty: true, sizeBytes: 0 });
    expect(readdirSync(to)).toEqual([]);
    expect(job.snapshot.state).toBe("empty");
    const { path = "", empty } = await job.save(`${to}/sales.csv`, { ...quick, ifEmpty: "file" });
    expect([readFileSync(path, "utf8"), empty]).toEqual(["", true]);
    const error = { code: "JOB_EMPTY", message: expect.stringContaining("found nothing to export") };
    await expect(job.save(`${to}/`, { ifEmpty: "error" })).rejects.toMatchObject(error);
    await expect(job.download(quick)).rejects.toMatchObject(error);
    await expect(job.save(`${to}/`, { ifEmpty: "no" as never })).rejects.toThrow(/"ifEmpty" must be one of/);
  });

  it("asks for the token again when the vendor refuses it with the code 200", async () => {
    const tokens = ["old", "sandbox-token"];
    let asked = 0;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const one = new Request(input, init);
      if (one.headers.get("access-token") === "old")
        return Response.json({ code: 40105, message: "expired" });
      return globalThis.fetch(one);
    };
    const { client } = await setUp("formal", { fetch, token: () => tokens[asked++] });
    expect((await client["exportReport"]?.(request))?.id).toBeTruthy();
    expect(asked).toBe(2);
  });

  it("sends the body of the cancel", async () => {
    const { client, vendor } = await setUp("formal");
    vendor.configure({ polls: 1000 });
    const job = await client["exportReport"]?.(request);
    expect(await job?.cancel()).toBe("cancelled");
  });

  it("writes forms of `api`, too", async () => {
    const { client } = await setUp("formal");
    const api = client.api as { POST(path: string, init: object): Promise<{ data?: { code: number } }> };
    const { data } = await api.POST("/report/create", { body: { type: "sales", filter: { from: 2 } } });
    expect(data?.code).toBe(0);
  });
});

describe("graph", () => {
  it("runs an export by one operation in all roles, with expressions in nested payloads", async () => {
    const { client, vendor } = await setUp("graph");
    const job = await client["exportQuery"]?.({ variables: { query: "{ orders { id } }" } });
    expect(job?.id).toMatch(/^gid:\/\/graph\/Run\/\S+$/);
    if (!job) return;
    const saved = await save(job);
    expect(saved.sha256).toBe(sha256Of(vendor.fileOf(job.id)));
    expect(vendor.requests().map(({ status }) => status)).not.toContain(415);
  });

  it("is cancelled by a mutation", async () => {
    const { client, vendor } = await setUp("graph");
    vendor.configure({ polls: 1000 });
    const job = await client["exportQuery"]?.({ variables: { query: "{ orders { id } }" } });
    expect(await job?.cancel()).toBe("cancelled");
  });
});

/** One time for a client and its vendor. It passes by itself while no request is under way. */
function sharedTime() {
  const clock = new FakeClock();
  let open = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    open++;
    try {
      const reply = await globalThis.fetch(input, init);
      return new Response(await reply.arrayBuffer(), reply);
    } finally {
      open--;
    }
  };
  const settle = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    while (!settled) {
      await clock.flush();
      if (!settled && open === 0) await clock.advance(1);
    }
    return promise;
  };
  return { clock, settle, options: { clock, fetch, rateLimit: undefined } };
}

const statusesOf = (vendor: SandboxVendor, operation: string) =>
  vendor
    .requests()
    .filter((request) => request.operation === operation)
    .map(({ status }) => status);

describe("granted", () => {
  const client = { clientId: "sandbox-client-id", clientSecret: "sandbox-client-secret" };

  it("gets one token for all requests, by a request that says what the spec says", async () => {
    const asked: { url: string; body: string; authorization: string | null }[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const one = new Request(input, init);
      const authorization = one.headers.get("authorization");
      if (one.url.endsWith("/oauth/token"))
        asked.push({ url: one.url, body: await one.clone().text(), authorization });
      return globalThis.fetch(one);
    };
    const { client: granted, vendor } = await setUp("granted", { ...client, fetch });
    const jobs = await Promise.all([1, 2, 3].map(() => granted["exportUsers"]?.({ kind: "users" })));
    expect(jobs.map((job) => typeof job?.id)).toEqual(["string", "string", "string"]);
    expect(asked.map(({ body }) => decodeURIComponent(body))).toEqual([
      "grant_type=client_credentials&scope=export:users&audience=https://my.granted.example/v1/",
    ]);
    expect(atob(asked[0]?.authorization?.slice("Basic ".length) ?? "")).toBe(
      "sandbox-client-id:sandbox-client-secret",
    );
    const [job] = jobs;
    if (!job) throw new Error("no job");
    expect((await save(job)).sha256).toBe(sha256Of(vendor.fileOf(job.id)));
    expect(statusesOf(vendor, "token")).toEqual([200]);
  });

  it("gets another token before one ends, so that none is refused", async () => {
    let time = Date.now();
    const clock = { now: () => time, setTimeout, clearTimeout };
    const { client: granted, vendor } = await setUp(
      "granted",
      { ...client, clock },
      { now: () => time, tokens: { ttlMs: 1_000_000 } },
    );
    const job = await granted["exportUsers"]?.({ kind: "users" });
    time += 939_000;
    await job?.refresh();
    expect(statusesOf(vendor, "token")).toEqual([200]);
    time += 2000;
    await job?.refresh();
    expect(statusesOf(vendor, "token")).toEqual([200, 200]);
    expect(statusesOf(vendor, "getJob")).not.toContain(401);
  });

  it("gets another token when one is refused", async () => {
    const { client: granted, vendor } = await setUp("granted", client);
    const job = await granted["exportUsers"]?.({ kind: "users" });
    vendor.fault({ kind: "error", status: 401, operation: "getJob" });
    if (!job) throw new Error("no job");
    await save(job);
    expect(statusesOf(vendor, "token")).toEqual([200, 200]);
  });

  it("tells what the token address says of a wrong secret, without the secret", async () => {
    const { client: granted } = await setUp("granted", { ...client, clientSecret: "wrong-secret" });
    const error = await granted["exportUsers"]?.({ kind: "users" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: "ApiError",
      status: 401,
      message: expect.stringContaining("invalid_client: There is no client with this id and secret"),
    });
  });

  it("takes a function that gets a token in place of its own way", async () => {
    const { client: granted, vendor } = await setUp("granted", { token: async () => "sandbox-token" });
    expect((await granted["exportUsers"]?.({ kind: "users" }))?.id).toBeTruthy();
    expect(statusesOf(vendor, "token")).toEqual([]);
    await expect(setUp("granted", { ...client, token: "t" })).rejects.toThrow(
      'give either "clientId", "clientSecret" or "token", not both',
    );
  });
});

describe("metered", () => {
  const request = { kind: "sales" };

  it("keeps the limits of each operation, so that the vendor refuses nothing", async () => {
    const { clock, settle, options } = sharedTime();
    const events: { type: string; operation?: string }[] = [];
    const onEvent = (event: { type: string }) => events.push(event);
    const { client, vendor } = await setUp(
      "metered",
      { ...options, onEvent },
      { now: () => clock.now(), enforceLimits: true },
    );
    const jobs = await settle(Promise.all([1, 2, 3, 4, 5].map(() => client["exportReport"]?.(request))));
    expect(clock.seconds).toBeGreaterThan(240);
    expect(statusesOf(vendor, "createReport")).toEqual([202, 202, 202, 202, 202]);
    await settle(Promise.all(jobs.map((job) => job?.wait({ schedule: () => 100 }))));
    expect(new Set(statusesOf(vendor, "getReport"))).toEqual(new Set([200]));
    expect(vendor.maxima().operations).toMatchObject({ createReport: { create: 2 }, getReport: { read: 2 } });
    expect(events.find(({ type }) => type === "limited")).toMatchObject({ operation: "POST /reports" });
  });

  it("waits as long as the vendor says when another process has used the limit up", async () => {
    const { clock, settle, options } = sharedTime();
    const { client, vendor } = await setUp("metered", options, {
      now: () => clock.now(),
      enforceLimits: true,
    });
    const { client: other } = await connect("metered", options);
    await settle(Promise.all([other["exportReport"]?.(request), other["exportReport"]?.(request)]));
    await clock.advance(50);
    expect((await settle(client["exportReport"]?.(request) as Promise<ExportJob>)).id).toBeTruthy();
    expect(statusesOf(vendor, "createReport")).toEqual([202, 202, 429, 202]);
    expect(Math.round(clock.seconds)).toBeLessThan(125);
  });

  it("the command line's --timeout is for the start, too", async () => {
    await setUp("metered", {}, { enforceLimits: true });
    const { outhaul } = await installed("metered");
    const args = ["metered", "exportReport", "--kind", "sales", "--detach"];
    for (let start = 0; start < 2; start++) expect(await outhaul(args)).toMatchObject({ code: 0 });
    const third = await outhaul([...args, "--timeout", "1s"]);
    expect(third).toMatchObject({ code: 1, stdout: "" }); // without it, the start would wait for two minutes
    expect(third.stderr).toContain("rate limited; retry in");
  }, 30_000);

  it("a start that the limits hold back for longer than its time says until when", async () => {
    const { clock, settle, options } = sharedTime();
    const { client } = await setUp("metered", options, { now: () => clock.now() });
    await settle(Promise.all([client["exportReport"]?.(request), client["exportReport"]?.(request)]));
    const third = client["exportReport"]?.(request, { timeoutMs: 60_000 });
    await expect(third).rejects.toMatchObject({
      code: "TIMEOUT",
      retryAt: expect.any(Date),
      message: expect.stringContaining('limit "create" (2 requests in 120 s)'),
    });
  });
});

describe("refreshed", () => {
  const client = {
    clientId: "sandbox-client-id",
    clientSecret: "sandbox-client-secret",
    refreshToken: "sandbox-refresh-token",
  };

  it("goes on with each refresh token that takes the place of the one before, and tells it", async () => {
    const told: string[] = [];
    const onRefreshToken = (token: string) => told.push(token);
    const { client: refreshed, vendor } = await setUp(
      "refreshed",
      { ...client, onRefreshToken },
      { tokens: { rotate: true } },
    );
    const job = await refreshed["exportUsers"]?.({ kind: "users" });
    vendor.fault({ kind: "error", status: 403, operation: "getJob" });
    if (!job) throw new Error("no job");
    expect((await save(job)).sha256).toBe(sha256Of(vendor.fileOf(job.id)));
    expect(statusesOf(vendor, "token")).toEqual([200, 200]);
    expect(told).toEqual(["sandbox-refresh-token-1", "sandbox-refresh-token-2"]);
  });
});

describe("packed", () => {
  it.each([
    ["exportTable", /^packed-\S+\.csv\.gz$/, /^packed-\S+\.csv$/, "text/csv"],
    ["exportDocument", /\.csv\.gz$/, /\.csv$/, "text/csv"],
    ["exportArchive", /\.json\.gz$/, /\.json$/, "application/json"],
  ])(
    "%s: keeps the gzip file under its name, and unpacks it where that is asked for",
    async (name, kept, plain, type) => {
      const { client, vendor } = await setUp("packed");
      const job = await client[name]?.({ table: "orders" });
      if (!job) throw new Error("no job");
      const file = vendor.fileOf(job.id);
      const asSent = await save(job);
      expect(basename(asSent.path ?? "")).toMatch(kept);
      expect([asSent.sizeBytes, asSent.sha256]).toEqual([file.sizeBytes, sha256Of(file)]);
      const unpacked = await save(client.resume(job.token), { decompress: true });
      expect(basename(unpacked.path ?? "")).toMatch(plain);
      expect([unpacked.sizeBytes, unpacked.sha256]).toEqual([
        file.inside?.sizeBytes,
        file.inside && sha256Of(file.inside),
      ]);
      expect(unpacked.contentType).toBe(type);
    },
  );

  it.each(["exportTable", "exportDocument", "exportArchive"])(
    "%s: what is not gzip is no file, kept or unpacked",
    async (name) => {
      const { client, vendor } = await setUp("packed");
      vendor.configure({ gzip: false, mediaType: "application/octet-stream" });
      const job = await client[name]?.({ table: "orders" });
      for (const decompress of ["auto", true] as const)
        await expect(job?.save(`${folder()}/`, { ...quick, decompress })).rejects.toMatchObject({
          code: "UNEXPECTED_CONTENT",
          message: expect.stringContaining("is said to be gzip by its vendor, but it"),
        });
    },
  );

  it("goes on in the packed bytes after a connection that broke", async () => {
    const { client, vendor } = await setUp("packed", {}, { jobs: { polls: 1, sizeBytes: 2_000_000 } });
    const job = await client["exportDocument"]?.({ table: "orders" });
    if (!job) throw new Error("no job");
    vendor.fault({ kind: "cutConnection", atByte: 100_000 });
    const saved = await save(job, { decompress: true, keepPartial: true });
    expect(saved).toMatchObject({ resumed: 1, restarted: 0 });
    const { inside } = vendor.fileOf(job.id);
    expect(saved.sha256).toBe(inside && sha256Of(inside));
  });

  it("other vendors do not load what unpacks", () => {
    const used = (name: string) =>
      readdirSync(`${repository}/packages/${name}/src/generated`)
        .map((file) => readFileSync(`${repository}/packages/${name}/src/generated/${file}`, "utf8"))
        .some((code) => code.includes("@outhaul/shared/gzip"));
    expect(names.filter(used)).toEqual(["direct", "linked", "listed", "packed"]);
  });
});

describe("listed", () => {
  const request = { table: "orders" };
  const bytesOf = (vendor: SandboxVendor, id: string, part: number): Buffer => {
    const { inside, ...file } = vendor.fileOf(id, part);
    return Buffer.concat([...(inside ?? vendor.fileOf(id, part) ?? file).chunks()]);
  };
  /** All parts with one heading row. */
  const joinedOf = (vendor: SandboxVendor, id: string, parts = 3): Buffer =>
    Buffer.concat(
      Array.from({ length: parts }, (_, part) => {
        const bytes = bytesOf(vendor, id, part);
        return part === 0 ? bytes : bytes.subarray(bytes.indexOf("\n") + 1);
      }),
    );

  it.each([
    ["exportContacts", {}],
    ["exportArchive", { decompress: true }],
  ])("%s: joins the files into one, with one heading row", async (name, options) => {
    const { client, vendor } = await setUp("listed");
    const job = await client[name]?.(request);
    if (!job) throw new Error("no job");
    const saved = await save(job, options);
    const expected = joinedOf(vendor, job.id);
    expect(readFileSync(saved.path ?? "")).toEqual(expected);
    expect(saved).toMatchObject({ sizeBytes: expected.length, parts: [{}, {}, {}] });
  });

  it("keeps them apart where that is asked for, and where they cannot be joined", async () => {
    const { client, vendor } = await setUp("listed", {}, { jobs: { polls: 1, parts: 2 } });
    for (const [name, options] of [
      ["exportContacts", { parts: "apart" }],
      ["exportArchive", {}],
    ] as const) {
      const job = await client[name]?.(request);
      if (!job) throw new Error("no job");
      const { path = "", parts = [] } = await save(job, options);
      expect(readdirSync(path)).toEqual(parts.map((part) => basename(part.path ?? "")));
      expect(parts.map(({ sha256 }) => sha256)).toEqual(
        [0, 1].map((part) => sha256Of(vendor.fileOf(job.id, part))),
      );
    }
  });

  it.each([
    ["a cut in the second file", { kind: "cutConnection", skip: 1, atByte: 700 }, { resumed: 1 }, 1],
    ["a link that has expired by the second file", { kind: "expiredLink", skip: 1 }, { resumed: 0 }, 2],
  ] as const)("goes on after %s", async (_what, fault, result, asked) => {
    const { client, vendor } = await setUp("listed");
    const job = await client["exportContacts"]?.(request);
    if (!job) throw new Error("no job");
    vendor.fault(fault);
    const saved = await save(job);
    expect(saved).toMatchObject(result);
    expect(readFileSync(saved.path ?? "")).toEqual(joinedOf(vendor, job.id));
    expect(statusesOf(vendor, "listFiles")).toHaveLength(asked);
  });

  it("another process goes on after the files that are there", async () => {
    const { client, vendor } = await setUp("listed");
    const job = await client["exportContacts"]?.(request);
    if (!job) throw new Error("no job");
    vendor.fault({ kind: "error", status: 400, on: "file", skip: 2 });
    const to = join(folder(), "contacts.csv");
    const options = { ...quick, keepPartial: true };
    await expect(job.save(to, options)).rejects.toMatchObject({ status: 400, token: job.token });
    const { client: other } = await connect("listed", {});
    await other.resume(job.token).save(to, options);
    expect(readFileSync(to)).toEqual(joinedOf(vendor, job.id));
    const stored = vendor.requests().filter(({ operation }) => operation === "(store)");
    expect(stored.map(({ status }) => status)).toEqual([200, 200, 400, 200]);
  });

  it("other vendors do not load what fetches parts", () => {
    const used = (name: string) =>
      readdirSync(`${repository}/packages/${name}/src/generated`)
        .map((file) => readFileSync(`${repository}/packages/${name}/src/generated/${file}`, "utf8"))
        .some((code) => code.includes("@outhaul/shared/parts"));
    expect(names.filter(used)).toEqual(["listed", "numbered", "paged"]);
  });
});

describe("numbered", () => {
  const request = { table: "orders" };
  const joinedOf = (vendor: SandboxVendor, id: string, count = 3): string =>
    Array.from({ length: count }, (_, part) => {
      const text = Buffer.concat([...vendor.fileOf(id, part).chunks()]).toString();
      return part === 0 ? text : text.slice(text.indexOf("\n") + 1);
    }).join("");
  /** What was asked for after the job had succeeded. */
  const asked: string[] = [];
  const noting: typeof globalThis.fetch = async (input, init) => {
    const one = new Request(input, init);
    const { pathname, search } = new URL(one.url);
    const part = /pages\/(.*)$/.exec(pathname)?.[1] ?? (pathname.endsWith("/result") ? search : undefined);
    if (part !== undefined) asked.push(part);
    return globalThis.fetch(one);
  };
  afterEach(() => void asked.splice(0));
  /** Lets polls say another number of pages. */
  const telling =
    (pages: unknown): typeof globalThis.fetch =>
    async (input, init) => {
      const reply = await noting(input, init);
      if (!/reports\/[^/]+$/.test(reply.url)) return reply;
      return Response.json({ ...((await reply.json()) as object), pages });
    };

  it("fetches as many partitions as the poll has in its list, and keeps those of JSON apart", async () => {
    const { client, vendor } = await setUp("numbered", { fetch: noting });
    const job = await client["exportStatement"]?.(request);
    if (!job) throw new Error("no job");
    const { path = "", parts = [] } = await save(job);
    expect(asked).toEqual(["?partition=0", "?partition=1", "?partition=2"]);
    expect(readdirSync(path)).toEqual(parts.map((part) => basename(part.path ?? "")));
    expect(parts.map(({ sha256 }) => sha256)).toEqual(
      [0, 1, 2].map((part) => sha256Of(vendor.fileOf(job.id, part))),
    );
    expect(statusesOf(vendor, "getPartition")).toEqual([200, 200, 200]);
    await expect(client.resume(job.token).download(quick)).rejects.toMatchObject({
      code: "UNEXPECTED_CONTENT",
      message: expect.stringContaining('parts: "apart"'),
    });
  });

  it("fetches as many pages as the poll says, from the number of the first on, and joins those of CSV", async () => {
    const { client, vendor } = await setUp("numbered", { fetch: noting });
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    const saved = await save(job);
    expect(asked).toEqual(["1", "2", "3"]);
    expect(readFileSync(saved.path ?? "", "utf8")).toBe(joinedOf(vendor, job.id));
    expect(await (await client.resume(job.token).download(quick)).text()).toBe(joinedOf(vendor, job.id));
    expect(job.token).toBe(client.resume(job.token).token);
  });

  it("goes on after a page that was cut, and one that was refused for now", async () => {
    const { client, vendor } = await setUp("numbered", { fetch: noting });
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    vendor.fault({ kind: "cutConnection", skip: 1 });
    vendor.fault({ kind: "error", status: 503, operation: "getPage", skip: 3 });
    const saved = await save(job, { retry: { minDelayMs: 1 } });
    expect(readFileSync(saved.path ?? "", "utf8")).toBe(joinedOf(vendor, job.id));
    expect(asked).toEqual(["1", "2", "2", "3", "3"]);
  });

  it.each([
    ["of as many pages goes on after those that are there", 3, ["3"]],
    ["of more pages begins anew", 4, ["1", "2", "3", "4"]],
  ])("another process that is told %s", async (_what, count, pages) => {
    const jobs = { polls: 2, sizeBytes: 5000, parts: 4 };
    const { client, vendor } = await setUp("numbered", { fetch: telling(3) }, { jobs });
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    vendor.fault({ kind: "error", status: 400, operation: "getPage", skip: 2 });
    const to = join(folder(), "report.csv");
    const options = { ...quick, keepPartial: true };
    await expect(job.save(to, options)).rejects.toMatchObject({ status: 400, token: job.token });
    expect(readdirSync(join(to, ".."))).not.toContain("report.csv");
    asked.splice(0);
    const { client: other } = await connect("numbered", { fetch: telling(count) });
    await other.resume(job.token).save(to, options);
    expect(asked).toEqual(pages);
    expect(readFileSync(to, "utf8")).toBe(joinedOf(vendor, job.id, count));
  });

  it.each([
    ["no count", undefined, "UNEXPECTED_CONTENT", "nothing is no number of parts"],
    ["a count that is no number", "3", "UNEXPECTED_CONTENT", '"3" is no number of parts'],
    ["a negative count", -1, "UNEXPECTED_CONTENT", "-1 is no number of parts"],
    ["no parts at all", 0, "UNEXPECTED_CONTENT", "0 is no number of parts"],
    ["half a part", 2.5, "UNEXPECTED_CONTENT", "2.5 is no number of parts"],
    ["more parts than anybody can fetch", 100_001, "TOO_LARGE", "more than 100000 parts"],
  ])("%s is an error before anything is fetched", async (_what, pages, code, message) => {
    const { client } = await setUp("numbered", { fetch: telling(pages) });
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    const to = folder();
    for (const options of [{}, { keepPartial: true }])
      await expect(job.save(join(to, "report.csv"), { ...quick, ...options })).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
        token: job.token,
      });
    await expect(job.download(quick)).rejects.toMatchObject({ code });
    expect([asked, readdirSync(to)]).toEqual([[], []]);
  });
});

describe("paged", () => {
  const request = { table: "orders" };
  const joinedOf = (vendor: SandboxVendor, id: string): string => {
    const texts = [0, 1, 2].map((part) => Buffer.concat([...vendor.fileOf(id, part).chunks()]).toString());
    return texts.map((text, part) => (part === 0 ? text : text.slice(text.indexOf("\n") + 1))).join("");
  };

  it("fetches the pages that a header names, with the token, and joins them", async () => {
    const { client, vendor } = await setUp("paged");
    const job = await client["exportQuery"]?.(request);
    if (!job) throw new Error("no job");
    const saved = await save(job);
    expect(readFileSync(saved.path ?? "", "utf8")).toBe(joinedOf(vendor, job.id));
    expect(statusesOf(vendor, "getResults")).toEqual([200, 200, 200]);
    expect(await (await client.resume(job.token).download(quick)).text()).toBe(joinedOf(vendor, job.id));
  });

  it("asks for the token again in the middle of the pages", async () => {
    const tokens = ["old", "sandbox-token"];
    let asked = 0;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const one = new Request(input, init);
      const isOld = one.headers.get("authorization") === "Bearer old";
      if (isOld && one.url.includes("page-2")) return Response.json({ message: "expired" }, { status: 401 });
      one.headers.set("authorization", "Bearer sandbox-token");
      return globalThis.fetch(one);
    };
    const { client, vendor } = await setUp("paged", { fetch, token: () => tokens[asked++] });
    const job = await client["exportQuery"]?.(request);
    if (!job) throw new Error("no job");
    const saved = await save(job);
    expect(readFileSync(saved.path ?? "", "utf8")).toBe(joinedOf(vendor, job.id));
    expect(asked).toBe(2);
  });

  it("goes on after a page that was cut, and one that was refused for now", async () => {
    const { client, vendor } = await setUp("paged");
    const job = await client["exportQuery"]?.(request);
    if (!job) throw new Error("no job");
    vendor.fault({ kind: "cutConnection", skip: 1 });
    vendor.fault({ kind: "error", status: 503, operation: "getResults", skip: 3 });
    const saved = await save(job, { retry: { minDelayMs: 1 } });
    expect(readFileSync(saved.path ?? "", "utf8")).toBe(joinedOf(vendor, job.id));
  });

  it("ends with an error where the pages never end, and leaves nothing", async () => {
    const { client, vendor } = await setUp("paged");
    const job = await client["exportQuery"]?.(request);
    if (!job) throw new Error("no job");
    vendor.fault({ kind: "headers", on: "file", headers: { "next-locator": "page-2" }, times: "always" });
    const to = folder();
    await expect(job.save(`${to}/`, quick)).rejects.toMatchObject({
      code: "UNEXPECTED_CONTENT",
      message: expect.stringContaining("the pages never end"),
    });
    expect(readdirSync(to)).toEqual([]);
  });

  it("takes no page for the last one whose header was lost on the way", async () => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const reply = await globalThis.fetch(input, init);
      const headers = new Headers(reply.headers);
      headers.delete("next-locator");
      return new Response(reply.body, { status: reply.status, headers });
    };
    const { client } = await setUp("paged", { fetch });
    const job = await client["exportQuery"]?.(request);
    if (!job) throw new Error("no job");
    const to = folder();
    await expect(job.save(`${to}/`, quick)).rejects.toMatchObject({
      code: "UNEXPECTED_CONTENT",
      message: expect.stringContaining("page 1 came without the header next-locator"),
    });
    expect(readdirSync(to)).toEqual([]);
  });

  it("keeps pages of JSON apart, until the last one", async () => {
    const { client, vendor } = await setUp("paged");
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    const { path = "", parts = [] } = await save(job);
    const pages = parts.map((part) => JSON.parse(readFileSync(part.path ?? "", "utf8")));
    expect(readdirSync(path)).toHaveLength(3);
    expect(pages.map(({ paging }) => paging)).toMatchObject([
      { cursors: { after: "page-2" } },
      { cursors: { after: "page-3" } },
      { cursors: {} },
    ]);
    expect(pages[2].paging.next).toBeUndefined();
    const queries = vendor.requests().filter(({ operation }) => operation === "getInsights");
    expect(queries).toHaveLength(3);
    await expect(client.resume(job.token).download(quick)).rejects.toMatchObject({
      code: "UNEXPECTED_CONTENT",
      message: expect.stringContaining('parts: "apart"'),
    });
  });
});

describe("keyed", () => {
  const KEY = "sandbox-access-key";
  const log = (): { urls: string[]; headers: string[]; fetch: typeof globalThis.fetch } => {
    const [urls, headers]: [string[], string[]] = [[], []];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const one = new Request(input, init);
      urls.push(one.url);
      headers.push(JSON.stringify([...one.headers]));
      return globalThis.fetch(one);
    };
    return { urls, headers, fetch };
  };

  it("sends the key in the query of every request, in no header, and never in a token or an event", async () => {
    const { urls, headers, fetch } = log();
    const events: unknown[] = [];
    const { client, vendor } = await setUp("keyed", {
      fetch,
      onEvent: (event: unknown) => events.push(event),
    });
    const job = await client["exportTable"]?.({ table: "orders" });
    if (!job) throw new Error("no job");
    expect((await save(job)).sha256).toBe(sha256Of(vendor.fileOf(job.id)));
    const api = client.api as { GET(path: string, init: object): Promise<{ response: Response }> };
    expect((await api.GET("/exports/{id}", { params: { path: { id: job.id } } })).response.status).toBe(200);
    expect(urls.length).toBeGreaterThan(4);
    for (const url of urls) expect(new URL(url).searchParams.getAll("accessToken")).toEqual([KEY]);
    const told = JSON.stringify([headers, events, job.token, job.snapshot, vendor.requests()]);
    expect(told).not.toContain(KEY);
    expect(vendor.requests().every(({ query }) => query.includes("accessToken"))).toBe(true);
  });

  it("downloads without a fetch of the user's, too", async () => {
    const { client, vendor } = await setUp("keyed");
    const job = await client["exportTable"]?.({ table: "orders" });
    if (!job) throw new Error("no job");
    expect((await save(job)).sha256).toBe(sha256Of(vendor.fileOf(job.id)));
  });

  it("asks for the key again when it is refused", async () => {
    const keys = ["old", KEY];
    let asked = 0;
    const { client } = await setUp("keyed", { accessKey: () => keys[asked++] });
    expect((await client["exportTable"]?.({ table: "orders" }))?.id).toBeTruthy();
    expect(asked).toBe(2);
  });

  it.each(["download", "poll"] as const)("does not go along a redirect of the %s", async (step) => {
    const { urls, fetch } = log();
    const where = step === "download" ? "/file" : "/exports/";
    const redirecting: typeof globalThis.fetch = async (input, init) => {
      const { href, origin, pathname, search } = new URL(String(input));
      const isFirst = search.includes(KEY) && pathname.includes(where) && init?.method !== "POST";
      if (!isFirst) return fetch(input, init);
      if (step === "poll" && href.includes("/file")) return fetch(input, init);
      return new Response(null, { status: 307, headers: { location: `${origin}${pathname}` } });
    };
    const { client } = await setUp("keyed", { fetch: redirecting });
    const job = await client["exportTable"]?.({ table: "orders" });
    // Without its key, a poll is refused again and again.
    const options = { ...quick, ...(step === "poll" && { timeoutMs: 50 }) };
    const error = await job?.save(`${folder()}/`, options).catch((one: unknown) => one);
    const redirected = urls.filter((url) => url.includes(where) && !url.includes(KEY));
    expect(redirected.length).toBeGreaterThan(0);
    expect(String(error)).not.toContain(KEY);
  });

  it("is in no error, also where the vendor repeats the address", async () => {
    const fetch: typeof globalThis.fetch = async (input) => {
      throw new Error(`cannot reach ${String(input)} with ${KEY}`);
    };
    const { client } = await setUp("keyed", { fetch });
    const error = await client["exportTable"]?.({ table: "orders" }).catch((one: unknown) => one);
    const { inspect } = await import("node:util");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY);
    const refused: typeof globalThis.fetch = async (input) =>
      Response.json({ message: `no access to ${String(input)}` }, { status: 403 });
    const { client: other } = await setUp("keyed", { fetch: refused });
    const answer = await other["exportTable"]?.({ table: "orders" }).catch((one: unknown) => one);
    expect(inspect(answer, { depth: 9 })).not.toContain(KEY);
  });
});

describe("direct", () => {
  const request = { project: "p1", from: "2026-11-01", event: ["opened", "a b"] };

  it("sends one request, when the file is asked for, and again with each download", async () => {
    const { client, vendor } = await setUp("direct");
    const job = await client["exportEvents"]?.(request);
    if (!job) throw new Error("no job");
    expect((await job.wait()).state).toBe("succeeded");
    expect(vendor.requests()).toEqual([]);
    const saved = await save(job);
    const [made] = vendor.jobs();
    expect(saved.sha256).toBe(sha256Of(vendor.fileOf(made?.id ?? "")));
    expect(basename(saved.path ?? "")).toMatch(/\.csv$/);
    const { client: other } = await connect("direct", {});
    expect((await save(other.resume(job.token))).sha256).toBe(saved.sha256);
    expect(statusesOf(vendor, "getEvents")).toEqual([200, 200]);
    expect(vendor.jobs()).toHaveLength(1);
  });

  it("begins anew after a connection that broke, waits out a 429, and asks for the token again", async () => {
    const tokens = ["old", "sandbox-token"];
    const { client, vendor } = await setUp("direct", { token: () => tokens.shift() });
    vendor.fault({ kind: "error", status: 429, retryAfter: 0, operation: "getEvents" });
    vendor.fault({ kind: "cutConnection", atByte: 1000 });
    const job = await client["exportEvents"]?.(request);
    if (!job) throw new Error("no job");
    const saved = await save(job, { retry: { minDelayMs: 1 } });
    expect(saved.sha256).toBe(sha256Of(vendor.fileOf(vendor.jobs()[0]?.id ?? "")));
    expect(tokens).toEqual([]);
  });

  it("takes the documented 404 for no data, and another one for an error", async () => {
    const { client, vendor } = await setUp("direct");
    vendor.configure({ outcome: "empty" });
    const job = await client["exportEvents"]?.(request);
    const to = folder();
    expect(await job?.save(`${to}/`)).toMatchObject({ empty: true, sizeBytes: 0 });
    expect([readdirSync(to), job?.snapshot.state]).toEqual([[], "empty"]);
    expect(await job?.save(`${to}/none.csv`, { ifEmpty: "file" } as SaveOptions)).toMatchObject({
      empty: true,
    });
    expect(statusesOf(vendor, "getEvents")).toEqual([404]);
    vendor.fault({ kind: "error", status: 404, operation: "getLog" });
    const log = await client["exportLog"]?.({ day: "2026-11-01" });
    await expect(log?.save(`${to}/`)).rejects.toMatchObject({ code: "HTTP_STATUS", token: log?.token });
  });

  it("takes an error with the code 200 for no file", async () => {
    const { client, vendor } = await setUp("direct");
    vendor.fault({
      kind: "error",
      status: 500,
      sendAs: 200,
      message: "too many days",
      operation: "getEvents",
    });
    const job = await client["exportEvents"]?.(request);
    await expect(job?.save(`${folder()}/`)).rejects.toThrow("too many days");
  });

  it("unpacks a gzip file, and runs exports of the usual kind beside", async () => {
    const { client, vendor } = await setUp("direct");
    const log = await client["exportLog"]?.({ day: "2026-11-01" });
    const usual = await client["exportTable"]?.({ table: "orders" });
    if (!log || !usual) throw new Error("no job");
    const unpacked = await save(log, { decompress: true });
    const { inside } = vendor.fileOf(
      vendor.jobs().find(({ workflow }) => workflow === "exportLog")?.id ?? "",
    );
    expect(unpacked.sha256).toBe(inside && sha256Of(inside));
    expect((await save(client.resume(usual.token))).sha256).toBe(sha256Of(vendor.fileOf(usual.id)));
  });

  it("is a command like others: shown, run, told to be cancelled in vain, resumed", async () => {
    const { vendor } = await setUp("direct");
    const { outhaul, cwd } = await installed("direct");
    const args = ["direct", "exportEvents", "--project", "p1", "--from", "2026-11-01", "--event", "a"];
    const shown = await outhaul([...args, "--dry-run"]);
    expect(shown.stdout).toMatch(/^GET \S+\/v1\/projects\/p1\/events\?from=2026-11-01&event=a&format=csv\n/);
    expect(shown.stdout).toContain("authorization: ***");
    expect(vendor.requests()).toEqual([]);
    const token = (await outhaul([...args, "--detach"])).stdout.trim();
    expect((await outhaul(["status", token])).stdout).toMatch(/^direct exportEvents \w+: succeeded\n$/);
    expect(await outhaul(["cancel", token])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nothing of exportEvents runs at direct"),
    });
    expect((await outhaul(["jobs"])).stdout).toContain("exportEvents");
    expect(vendor.requests()).toEqual([]);
    const resumed = await outhaul(["resume", token, "-o", "events.csv"]);
    expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringContaining("events.csv")]);
    expect(resumed.stderr).not.toContain("succeeded");
    const file = vendor.fileOf(vendor.jobs()[0]?.id ?? "");
    expect(readFileSync(`${cwd}/events.csv`)).toHaveLength(file.sizeBytes);
    expect((await outhaul(["jobs"])).stdout).toContain("no export is under way");
    vendor.configure({ outcome: "empty" }, vendor.jobs()[0]?.id);
    expect(await outhaul([...args, "-o", "none.csv"])).toMatchObject({ code: 0, stdout: "" });
    expect(readdirSync(cwd)).not.toContain("none.csv");
  }, 60_000); // it starts nine processes

  it("leaves nothing to resume where the vendor refuses the request as it is, and else does", async () => {
    const { vendor } = await setUp("direct");
    const { outhaul, cwd } = await installed("direct");
    const args = ["direct", "exportEvents", "--project", "p1", "--from", "2026-11-01", "--event", "a"];
    vendor.fault({ kind: "error", status: 400, message: "No such project" });
    const refused = await outhaul([...args, "-o", "a.csv"]);
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining("No such project")]);
    expect(refused.stderr).not.toContain("outhaul resume");
    expect((await outhaul(["jobs"])).stdout).toContain("no export is under way");
    vendor.fault({ kind: "error", status: 403 });
    const forbidden = await outhaul([...args, "-o", "a.csv"]);
    expect(forbidden.stderr).toContain("outhaul resume");
    expect((await outhaul(["jobs"])).stdout).toContain("exportEvents");
    expect((await outhaul(["resume", "--all"])).code).toBe(0);
    expect(readdirSync(cwd)).toContain("a.csv");
    const exports = [
      "exports:",
      "  - name: a",
      "    vendor: direct",
      "    workflow: exportEvents",
      "    request: { project: p1, from: '2026-11-01', event: [a] }",
      "    output: b.csv",
    ];
    writeFileSync(`${cwd}/exports.yaml`, exports.join("\n"));
    vendor.fault({ kind: "error", status: 422 });
    const run = await outhaul(["run", "exports.yaml", "--json"]);
    const events = run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.find(({ type }) => type === "error")).not.toHaveProperty("token");
    expect((await outhaul(["run", "exports.yaml"])).code).toBe(0);
    expect(readdirSync(cwd)).toContain("b.csv");
  }, 60_000); // it starts eight processes

  it("has nothing to cancel", async () => {
    const { client, vendor } = await setUp("direct");
    const job = await client["exportEvents"]?.(request);
    expect(await job?.cancel()).toBe("unsupported");
    expect(vendor.requests()).toEqual([]);
  });

  it("other vendors do not load it", () => {
    const used = (name: string) =>
      readdirSync(`${repository}/packages/${name}/src/generated`)
        .map((file) => readFileSync(`${repository}/packages/${name}/src/generated/${file}`, "utf8"))
        .some((code) => code.includes("@outhaul/shared/one-step"));
    expect(names.filter(used)).toEqual(["direct"]);
  });
});

describe("single", () => {
  const request = { kind: "sales" };

  it("starts one export after the other, also after one that nobody waits for, so that the vendor refuses none", async () => {
    const { clock, settle, options } = sharedTime();
    const { client, vendor } = await setUp("single", options, {
      now: () => clock.now(),
      enforceLimits: true,
    });
    vendor.fault({ kind: "outcome", outcome: "failed" });
    const jobs = await settle(Promise.all([1, 2, 3].map(() => client["exportReport"]?.(request))));
    const states = () => vendor.jobs().map(({ state }) => state);
    expect(states()).toEqual(["failed", "succeeded", "queued"]);
    await settle(jobs[2]?.wait() as Promise<unknown>);
    expect(statusesOf(vendor, "createReport")).toEqual([202, 202, 202]);
    expect(vendor.maxima().openJobs).toBe(1);
  });

  it("waits behind a job that it has resumed, and behind another process as long as the vendor says so", async () => {
    const { clock, settle, options } = sharedTime();
    const { client, vendor } = await setUp("single", options, {
      now: () => clock.now(),
      enforceLimits: true,
    });
    // The job of this process ends when the other one has been refused.
    const onEvent = (event: { status?: number }) => {
      if (event.status === 429) for (const { id } of vendor.jobs()) vendor.configure({ polls: 0 }, id);
    };
    const { client: other } = await connect("single", { ...options, onEvent });
    const first = await settle(other["exportReport"]?.(request) as Promise<ExportJob>);
    client.resume(first.token);
    await settle(client["exportReport"]?.(request) as Promise<ExportJob>);
    expect(statusesOf(vendor, "createReport")).toEqual([202, 202]);
    await settle(other["exportReport"]?.(request) as Promise<ExportJob>);
    expect(statusesOf(vendor, "createReport")).toEqual([202, 202, 429, 202]);
  });
});

describe("trusted", () => {
  const request = { report_type: "balance", parameters: { interval_start: 1 } };
  const FILES = "https://files.trusted.example";

  it("shows its token to the sandbox's file, which wants it", async () => {
    const { client, vendor } = await setUp("trusted");
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    const saved = await save(job);
    expect(saved.sha256).toBe(sha256Of(vendor.fileOf(job.id)));
    const api = client.api as {
      GET(path: string, init: object): Promise<{ data?: { result?: { url?: string } } }>;
    };
    const { data } = await api.GET("/report_runs/{id}", { params: { path: { id: job.id } } });
    const url = data?.result?.url ?? "";
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: "Bearer another" } })).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: "Bearer sandbox-token" } })).status).toBe(200);
  });

  it("goes on where the connection broke", async () => {
    const { client, vendor } = await setUp("trusted", {}, { jobs: { polls: 1, sizeBytes: 500_000 } });
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    vendor.fault({ kind: "cutConnection", atByte: 100_000 });
    expect(await save(job, { retry: { minDelayMs: 1 } })).toMatchObject({ resumed: 1 });
  });

  /** A client without a baseUrl, for a vendor that gives this address of the file. */
  async function withLink(link: string, answers: ((url: URL) => Response | undefined)[] = []) {
    const seen: [url: string, authorization: string | null][] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const { url, headers } = new Request(input, init);
      const { origin, pathname } = new URL(url);
      seen.push([origin + pathname, headers.get("authorization")]);
      if (origin === "https://api.trusted.example")
        return Response.json({ id: "run_1", status: "succeeded", result: { url: link } });
      const own = answers.shift()?.(new URL(url));
      return own ?? new Response("id\n1\n", { headers: { "content-type": "text/csv" } });
    };
    const module = await import(pathToFileURL(`${repository}/packages/trusted/src/index.ts`).href);
    let asked = 0;
    const client = module.createTrusted({ fetch, token: () => `key-${++asked}` }) as Client;
    const job = await client["exportReport"]?.(request);
    if (!job) throw new Error("no job");
    const ended = await save(job).catch((error: unknown) => error);
    return { files: seen.filter(([url]) => !url.startsWith("https://api.")), ended, job };
  }

  it("shows its token to that origin, and never in a resume token", async () => {
    const { files, job } = await withLink(`${FILES}/v1/files/1`);
    expect(files).toEqual([[`${FILES}/v1/files/1`, "Bearer key-1"]]);
    expect(Buffer.from(job.token.split(".")[1] ?? "", "base64url").toString()).not.toMatch(/key-1|files/);
  });

  it.each([
    "https://files.trusted.example.evil.example/1",
    "https://files.trusted.example:8443/1",
    "https://api2.trusted.example/1",
    "https://trusted.example/1",
  ])("shows no token to %s", async (link) => {
    expect((await withLink(link)).files.map(([, authorization]) => authorization)).toEqual([null]);
  });

  it("shows no token without https", async () => {
    const { files, ended } = await withLink("http://files.trusted.example/1");
    expect([files, ended]).toEqual([[], expect.objectContaining({ code: "URL_NOT_ALLOWED" })]);
  });

  it("asks for the token again where a reply there says that it ran out, and nowhere else", async () => {
    const expired = () => new Response(null, { status: 403, headers: { "x-token-state": "expired" } });
    const { files } = await withLink(`${FILES}/1`, [expired]);
    expect(files.map(([, authorization]) => authorization)).toEqual(["Bearer key-1", "Bearer key-2"]);
    const forbidden = await withLink(`${FILES}/1`, [() => new Response(null, { status: 403 })]);
    expect([forbidden.files.length, forbidden.ended]).toEqual([1, expect.objectContaining({ status: 403 })]);
    const elsewhere = await withLink("https://store.example/1", [expired]);
    expect([elsewhere.files.length, elsewhere.ended]).toEqual([1, expect.objectContaining({ status: 403 })]);
  });

  it("takes no token along a redirect away from there", async () => {
    const away = () => new Response(null, { status: 302, headers: { location: "https://store.example/1" } });
    const { files } = await withLink(`${FILES}/1`, [away]);
    expect(files).toEqual([
      [`${FILES}/1`, "Bearer key-1"],
      ["https://store.example/1", null],
    ]);
  });

  it("asks for the token again when the file's host refuses it", async () => {
    const { files } = await withLink(`${FILES}/1`, [() => new Response(null, { status: 401 })]);
    expect(files.map(([, authorization]) => authorization)).toEqual(["Bearer key-1", "Bearer key-2"]);
  });

  it("other vendors do not load it", () => {
    const used = (name: string) =>
      readdirSync(`${repository}/packages/${name}/src/generated`)
        .map((file) => readFileSync(`${repository}/packages/${name}/src/generated/${file}`, "utf8"))
        .some((code) => code.includes("@outhaul/shared/trusted-origin"));
    expect(names.filter(used)).toEqual(["trusted"]);
  });
});

describe("parts on the command line", () => {
  const ajv = new Ajv2020({ strict: true });
  formats.default(ajv);
  ajv.addSchema(JSON.parse(readFileSync(`${root}packages/cli/schemas/json-output.json`, "utf8")), "output");
  const eventsOf = (stdout: string) =>
    stdout
      .trim()
      .split("\n")
      .map((line) => {
        const event = JSON.parse(line);
        const validate = ajv.getSchema("output#/$defs/event");
        validate?.(event);
        expect({ event, errors: validate?.errors }).toEqual({ event, errors: null });
        return event;
      });
  const joinedOf = (vendor: SandboxVendor): string => {
    const id = vendor.jobs().at(-1)?.id ?? "";
    const texts = [0, 1, 2].map((part) => Buffer.concat([...vendor.fileOf(id, part).chunks()]).toString());
    return texts.map((text, part) => (part === 0 ? text : text.slice(text.indexOf("\n") + 1))).join("");
  };

  it.each([
    ["listed", "exportContacts"],
    ["paged", "exportQuery"],
  ])(
    "%s: one file, told as the schema says, resumed in another process, in 60 columns",
    async (name, workflow) => {
      const { vendor } = await setUp(name, {}, { jobs: { polls: 1, sizeBytes: 5000 } });
      const { outhaul, onScreen, cwd } = await installed(name);
      const args = [name, workflow, "--table", "orders", "--poll-interval", "20ms"];
      const done = await outhaul([...args, "-o", "all.csv", "--json", "--sha256"]);
      const events = eventsOf(done.stdout);
      const whole = Buffer.from(joinedOf(vendor));
      expect(readFileSync(`${cwd}/all.csv`)).toEqual(whole);
      expect(events.at(-1)).toMatchObject({
        type: "saved",
        path: `${cwd}/all.csv`,
        sizeBytes: whole.length,
        parts: [{}, {}, {}],
      });
      expect(events.find(({ type }) => type === "download")).toMatchObject({ part: 1 });
      const started = vendor.jobs().length;
      const nowhere = await outhaul([...args, "-o", "-", "--parts", "apart"]);
      expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining("name a folder\n")]);
      expect(vendor.jobs()).toHaveLength(started);

      vendor.fault({ kind: "error", status: 400, on: "file", skip: 2 });
      const broken = await outhaul([...args, "-o", "kept.csv", "--keep-partial"]);
      expect([broken.code, broken.stderr]).toEqual([5, expect.stringContaining("outhaul resume")]);
      expect(readdirSync(cwd)).not.toContain("kept.csv");
      const before = vendor.requests().length;
      expect((await outhaul(["resume", "--all", "--keep-partial"])).code).toBe(0);
      expect(readFileSync(`${cwd}/kept.csv`, "utf8")).toBe(joinedOf(vendor));
      const again = vendor.requests().slice(before);
      expect(again.filter(({ operation }) => /store|result/i.test(operation ?? ""))).toHaveLength(1);
      expect(readdirSync(cwd).filter((one) => one.startsWith("."))).toEqual([]);

      const shown = await onScreen([...args, "-o", "apart", "--parts", "apart"]);
      // A token and a path are one word each, to be copied.
      for (const line of shown.filter((text) => !text.includes("  token  ") && !text.startsWith(cwd)))
        expect(line.length, line).toBeLessThanOrEqual(60);
      expect(shown.join("\n")).toContain("saved");
      expect(readdirSync(`${cwd}/apart`)).toHaveLength(3);
    },
    60_000,
  ); // it starts four processes

  it("says in the command line's words that parts of JSON cannot be joined", async () => {
    await setUp("numbered", {}, { jobs: { polls: 0, sizeBytes: 500 } });
    const { outhaul } = await installed("numbered");
    const args = ["numbered", "exportStatement", "--table", "orders", "--poll-interval", "20ms"];
    const { stderr } = await outhaul([...args, "-o", "all.json", "--parts", "join"]);
    expect(stderr).toContain("so they cannot be joined; save them with --parts apart, in a folder\n");
  });

  it.each([
    ["listed", "exportContacts"],
    ["paged", "exportQuery"],
  ])(
    "%s: a folder of parts in a file of exports is done until one of them is missing",
    async (name, workflow) => {
      await setUp(name, {}, { jobs: { polls: 1, sizeBytes: 5000 } });
      const { outhaul, cwd } = await installed(name);
      const one = `{ name: a, vendor: ${name}, workflow: ${workflow}, output: all, parts: apart, request: { table: orders } }`;
      writeFileSync(`${cwd}/exports.yaml`, `exports: [${one}]`);
      const run = async (...flags: string[]) =>
        eventsOf((await outhaul(["run", "exports.yaml", "--json", ...flags])).stdout);
      const first = (await run()).at(-1);
      expect(first).toMatchObject({ type: "saved", path: `${cwd}/all`, parts: [{}, {}, {}] });
      expect(first.parts.map(({ path }: { path: string }) => path)).toEqual(
        readdirSync(`${cwd}/all`).map((file) => `${cwd}/all/${file}`),
      );
      expect((await run()).map(({ type }) => type)).toEqual(["skipped"]);
      rmSync(first.parts[1].path);
      const again = await run("--overwrite", "replace");
      expect(again.at(-1), JSON.stringify(again)).toMatchObject({ type: "saved" });
      expect(readdirSync(`${cwd}/all`)).toHaveLength(3);
    },
    60_000,
  ); // it starts three processes
});

describe("linked", () => {
  const request = { segment: "buyers" };
  const quickly = { retry: { minDelayMs: 1 } };
  const operationsOf = (vendor: SandboxVendor) => vendor.requests().map(({ operation }) => operation);

  it("asks at the link until the file is there: the vendor's own API is asked once", async () => {
    const { client, vendor } = await setUp("linked");
    const job = await client["exportUsers"]?.(request);
    if (!job) throw new Error("no job");
    expect(await save(job)).toMatchObject({ sha256: sha256Of(vendor.fileOf(job.id)), attempts: 1 });
    expect(operationsOf(vendor)).toEqual(["exportSegment", ...Array(3).fill("(store)")]);
    expect(vendor.requests().map(({ status }) => status)).toEqual([200, 404, 403, 200]);
  });

  it("goes on with a file that was cut, and keeps a gzip file, or unpacks it", async () => {
    const { client, vendor } = await setUp("linked", {}, { jobs: { polls: 1, sizeBytes: 500_000 } });
    const job = await client["exportUsers"]?.(request);
    if (!job) throw new Error("no job");
    vendor.fault({ kind: "cutConnection", atByte: 100_000 });
    const saved = await save(job, quickly);
    expect(saved).toMatchObject({ resumed: 1, sha256: sha256Of(vendor.fileOf(job.id)) });
    const events = await client["exportEvents"]?.(request);
    if (!events) throw new Error("no job");
    expect((await save(events)).path).toMatch(/\.csv\.gz$/);
    const unpacked = await save(events, { decompress: true });
    expect(unpacked.path).toMatch(/\.csv$/);
    expect(readFileSync(unpacked.path ?? "", "utf8")).toMatch(/^id,/);
  });

  it("another process goes on with the token, which does not show the link", async () => {
    const { client, vendor } = await setUp("linked");
    const { token = "", id } = (await client["exportUsers"]?.(request)) ?? {};
    expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).not.toMatch(/http|Signature|csv/);
    const { client: other } = await connect("linked", {});
    expect((await save(other.resume(token))).sha256).toBe(sha256Of(vendor.fileOf(id ?? "")));
    const { client: stranger } = await connect("linked", { token: "another" });
    await expect(stranger.resume(token).wait()).rejects.toMatchObject({ code: "RESUME_TOKEN", token });
  });

  it("ends where the link has expired, and waits out what nobody documents", async () => {
    const { client, vendor } = await setUp("linked");
    vendor.fault({ kind: "outcome", outcome: "expired" });
    const expired = await client["exportUsers"]?.(request);
    await expect(expired?.wait(quick)).rejects.toMatchObject({ code: "JOB_EXPIRED" });
    vendor.fault({ kind: "unknownStatus" });
    const job = await client["exportUsers"]?.(request);
    expect((await job?.wait(quick))?.state).toBe("succeeded");
    expect(vendor.requests().map(({ status }) => status)).toContain(202);
  });

  it("a start whose reply was lost is not repeated", async () => {
    const { client, vendor } = await setUp("linked");
    vendor.fault({ kind: "lostReply" });
    await expect(client["exportUsers"]?.(request)).rejects.toMatchObject({ code: "CREATE_AMBIGUOUS" });
    expect(operationsOf(vendor)).toEqual(["exportSegment"]);
  });

  it("the command line goes on from its token, and says what is wrong with another key", async () => {
    await setUp("linked", {}, { jobs: { polls: 1, sizeBytes: 5000 } });
    const { outhaul, cwd } = await installed("linked");
    const args = ["linked", "exportUsers", "--segment", "buyers"];
    const token = (await outhaul([...args, "--detach"])).stdout.trim();
    const refused = await outhaul(["resume", token, "-o", "a.csv"], { OUTHAUL_LINKED_TOKEN: "another" });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("the link to the file was sealed with other credentials");
    expect(refused.stderr).not.toMatch(/Signature|another|\n {4}at /);
    expect(readdirSync(cwd)).not.toContain("a.csv");
    expect((await outhaul(["resume", token, "-o", "users.csv"])).code).toBe(0);
    expect(readFileSync(`${cwd}/users.csv`, "utf8")).toMatch(/^id,/);
  });

  it("other vendors do not load it", () => {
    const used = (name: string) =>
      readdirSync(`${repository}/packages/${name}/src/generated`)
        .map((file) => readFileSync(`${repository}/packages/${name}/src/generated/${file}`, "utf8"))
        .some((code) => code.includes("@outhaul/shared/link-poll"));
    expect(names.filter(used)).toEqual(["linked"]);
  });
});

describe("twostep", () => {
  const request = { fields: ["id", "email"] };
  const application = { clientId: "sandbox-client-id", clientSecret: "sandbox-client-secret" };

  it("sends the step between start and poll once, and at once", async () => {
    const { client, vendor } = await setUp("twostep", application);
    const job = await client["exportLeads"]?.(request);
    if (!job) throw new Error("no job");
    expect((await save(job)).sha256).toBe(sha256Of(vendor.fileOf(job.id)));
    expect(statusesOf(vendor, "enqueueExport")).toEqual([200]);
  });

  it.each([
    ["its reply was lost", { kind: "lostReply" }, 1],
    ["its request was lost", { kind: "dropped" }, 2],
    ["it was refused for now", { kind: "error", status: 429 }, 2],
    ["it was refused with the code 200", { kind: "error", status: 500, sendAs: 200 }, 2],
  ] as const)("the state tells if it is still to be done: %s", async (_, fault, sent) => {
    const { clock, settle, options } = sharedTime();
    const { client, vendor } = await setUp("twostep", { ...application, ...options });
    vendor.fault({ ...fault, operation: "enqueueExport" });
    const job = await settle(client["exportLeads"]?.(request) as Promise<ExportJob>);
    await settle(job.wait());
    expect(clock.seconds).toBeLessThan(60);
    expect(statusesOf(vendor, "enqueueExport")).toHaveLength(sent);
    expect(vendor.jobs().map(({ state }) => state)).toEqual(["succeeded"]);
  });

  it("a job that was resumed does the step that its process did not come to", async () => {
    const { client, vendor } = await setUp("twostep", application);
    vendor.fault({ kind: "dropped", operation: "enqueueExport" });
    const job = await client["exportLeads"]?.(request);
    const { client: other } = await connect("twostep", application);
    const resumed = other.resume(job?.token ?? "");
    expect((await save(resumed)).sha256).toBe(sha256Of(vendor.fileOf(resumed.id)));
    expect(statusesOf(vendor, "enqueueExport").at(-1)).toBe(200);
  });

  it("a step that the vendor refuses for good ends the wait with what it said", async () => {
    const { settle, options } = sharedTime();
    const { client, vendor } = await setUp("twostep", { ...application, ...options });
    vendor.fault({
      kind: "error",
      status: 400,
      message: "No such list",
      operation: "enqueueExport",
      times: "always",
    });
    const job = await settle(client["exportLeads"]?.(request) as Promise<ExportJob>);
    await expect(settle(job.wait())).rejects.toMatchObject({
      token: job.token,
      message: expect.stringMatching(/exportLeads \S+: POST \S+enqueue.json answered 400: No such list/),
    });
  });
});
