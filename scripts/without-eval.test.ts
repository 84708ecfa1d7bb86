import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { readVendors, root } from "./vendors.js";

/** Runs a program with the built packages where no code may be made of texts, as under a strict Content-Security-Policy. @returns what it prints, as JSON */
function runWithoutEval(program: string): unknown {
  const flags = ["--disallow-code-generation-from-strings", "--input-type=module"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, "--eval", program], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

/** The headers and the query with a vendor's credentials, as its spec says. */
const SIGN_IN_OF = `const signInOf = ({ spec, credentials }) => {
  const headers = {};
  const query = [];
  for (const [key, scheme] of Object.entries(spec.openapi.components.securitySchemes)) {
    const value = credentials[key];
    if (scheme.scheme === "basic" && credentials.username !== undefined)
      headers.authorization = "Basic " + btoa(credentials.username + ":" + credentials.password);
    else if (value === undefined) continue;
    else if (scheme.in === "query") query.push(scheme.name + "=" + value);
    else if (scheme.in === "header") headers[scheme.name] = value;
    else if (scheme["x-token-header"]) headers[scheme["x-token-header"]] = value;
    else headers.authorization = "Bearer " + value;
  }
  return { headers, query };
};`;
const REFUSED =
  'try { new Function(""); throw new Error("code may be made of texts"); } catch (error) { if (!(error instanceof EvalError)) throw error; }';

describe("runs every export in the sandbox", () => {
  let ends: Record<string, unknown>;

  beforeAll(() => {
    const creators = readVendors().map(
      ({ name, packageName, createName }) => `"${name}": (await import("${packageName}")).${createName},`,
    );
    ends = runWithoutEval(`
      import { mkdtempSync, rmSync } from "node:fs";
      import { tmpdir } from "node:os";
      import { join } from "node:path";
      import { createSandbox } from "@outhaul/sandbox";
      ${REFUSED}
      const sandbox = createSandbox({ jobs: { polls: 1, sizeBytes: 2000 } });
      const run = async (name, create) => {
        const vendor = sandbox.vendor(name);
        const baseUrl = "https://vendor.example";
        const fetch = (url, init) => {
          const request = new Request(url, init);
          return (new URL(request.url).origin === baseUrl ? vendor : sandbox.store).handler(request);
        };
        const client = create({ baseUrl, ...vendor.credentials, ...vendor.variables, fetch, rateLimit: false });
        const ends = {};
        for (const [workflow, request] of Object.entries(vendor.examples)) {
          const job = await client[workflow](request);
          const folder = mkdtempSync(join(tmpdir(), "outhaul-")) + "/";
          const { sizeBytes } = await job.save(folder, { timeoutMs: 20000, schedule: () => 1 });
          rmSync(folder, { recursive: true });
          ends[workflow] = sizeBytes > 100;
        }
        return ends;
      };
      const creators = { ${creators.join(" ")} };
      const ends = {};
      await Promise.all(Object.entries(creators).map(async ([name, create]) => {
        ends[name] = await run(name, create).catch(String);
      }));
      console.log(JSON.stringify(ends));
    `) as Record<string, unknown>; // it prints an object
  }, 60_000);

  it.each(readVendors())("$name", ({ name, workflows }) => {
    expect(ends[name]).toEqual(Object.fromEntries(workflows.map(({ id }) => [id, true])));
  });
});

it("checks every operation's parameters and bodies", { timeout: 30_000 }, () => {
  const { told, statuses } = runWithoutEval(`
    import { createSandbox } from "@outhaul/sandbox";
    ${REFUSED}
    ${SIGN_IN_OF}
    const methods = ["get", "put", "post", "patch", "delete"];
    const statuses = {};
    const told = [];
    for (const vendor of Object.values(createSandbox().vendors)) {
      const { paths, components } = vendor.spec.openapi;
      const signIn = signInOf(vendor);
      for (const [path, item] of Object.entries(paths)) for (const method of methods) {
        const operation = item[method];
        if (!operation) continue;
        const named = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(({ $ref, ...own }) =>
          $ref ? components.parameters[$ref.split("/").at(-1)] : own);
        const others = named.filter((each) => each.in === "query").map(({ name }) => name + "=x");
        const query = [...signIn.query, ...others].join("&");
        const contents = Object.keys(operation.requestBody?.content ?? {});
        for (const type of contents.length ? contents : [undefined]) {
          const url = "https://vendor.example" + vendor.basePath + path.replace(/\\{\\w+\\}/g, "x") + "?" + query;
          const reply = await vendor.handler(new Request(url, {
            method: method.toUpperCase(),
            headers: { ...signIn.headers, ...(type && { "content-type": type }) },
            ...(type && { body: /json/.test(type) ? "[]" : "a=b" }),
          }));
          const text = await reply.text();
          statuses[reply.status] = (statuses[reply.status] ?? 0) + 1;
          if (/sandbox itself/.test(text)) told.push(vendor.name + " " + method + " " + path + ": " + text);
        }
      }
    }
    console.log(JSON.stringify({ told, statuses }));
  `) as { told: string[]; statuses: Record<string, number> };
  expect(told).toEqual([]);
  expect(Object.keys(statuses).filter((status) => Number(status) >= 400).length).toBeGreaterThan(1);
  expect(statuses[401]).toBeUndefined();
});

it("checks what is posted to its pages, and says why a spec of one's own cannot be", () => {
  const said = runWithoutEval(`
    import { createSandbox } from "@outhaul/sandbox";
    ${SIGN_IN_OF}
    const sandbox = createSandbox();
    const [vendor] = Object.values(sandbox.vendors);
    const post = async (path, body) => {
      const request = new Request("http://localhost/_sandbox/" + path, { method: "POST", body: JSON.stringify(body) });
      const reply = await vendor.handler(request);
      return [reply.status, await reply.text()];
    };
    const own = createSandbox({ specs: { [vendor.name]: structuredClone(vendor.spec) } }).vendor(vendor.name);
    const [[path]] = Object.entries(vendor.spec.openapi.paths).filter(([, { post }]) => post);
    const { headers, query } = signInOf(vendor);
    const request = new Request("https://vendor.example" + vendor.basePath + path + "?" + query.join("&"), {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: "{}",
    });
    console.log(JSON.stringify([
      await post("faults", { kind: "error", status: 503 }),
      await post("faults", { kind: "error", status: 42 }),
      await post("jobs", { polls: -1 }),
      [(await own.handler(request.clone())).status, await (await own.handler(request)).text()],
    ]));
  `) as [number, string][];
  expect(said.slice(0, 3)).toEqual([
    [204, ""],
    [400, '{"error":"body/status must be >= 200"}'],
    [400, '{"error":"body/polls must be >= 0"}'],
  ]);
  expect(said[3]).toEqual([500, expect.stringContaining("a spec of your own is compiled at run time")]);
});
