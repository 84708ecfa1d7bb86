import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { stringify } from "yaml";
import { openSite, reply, type Site } from "../testing/site.js";

/** What the vendor of the fixtures would publish: other names of parameters, another way to write the server. */
function published() {
  const text = { type: "string" };
  return {
    openapi: "3.0.1",
    info: { title: "Acme", version: "9" },
    servers: [{ url: "https://eu.acme.example/v1/{account}" }],
    paths: {
      "/shops/{shop_id}/exports": {
        post: {
          operationId: "create_export",
          parameters: [
            { name: "shop_id", in: "path", required: true, schema: text },
            { name: "dry-run", in: "query", schema: { type: "boolean" } },
          ],
          requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/New" } } } },
          responses: {
            202: {
              content: {
                "application/json": { schema: { type: "object", properties: { ticket: text, more: text } } },
              },
            },
          },
        },
      },
      "/exports": {
        get: {
          parameters: [
            { name: "name", in: "query", schema: text },
            { name: "Authorization", in: "header", required: true, schema: text },
          ] as { name: string; in: string; required?: boolean; schema: object }[],
          responses: {
            200: { content: { "application/json": { schema: { $ref: "#/components/schemas/List" } } } },
          },
        },
      },
      "/exports/{id}/file": { get: { responses: { 200: { content: { "text/csv": {} } } } } },
      "/exports/{id}": { delete: { responses: { 204: {} } } },
    },
    components: {
      schemas: {
        New: {
          type: "object",
          required: ["name", "kind", "from"],
          properties: {
            name: text,
            kind: { ...text, enum: ["orders"] },
            from: text,
            columns: { type: "array", items: text },
            unneeded: text,
          } as Record<string, object>,
        },
        List: {} as object,
      },
    },
  };
}

let site: Site;
let document: ReturnType<typeof published>;
beforeEach(async () => {
  site = await openSite();
  document = published();
  await site.edit("openapi.yaml", (text) =>
    text.replace(
      "\nsecurity:\n",
      `\nx-openapi: [{ url: '${site.origin}/openapi.json', read: 2026-11-22 }]\nsecurity:\n`,
    ),
  );
  publish();
  await site.command("accept", "acme");
});
afterEach(() => site.close());

function publish(): void {
  site.pages["/openapi.json"] = reply(200, JSON.stringify(document), { "content-type": "application/json" });
}

it("says nothing of a document that has all that the spec has", async () => {
  expect(await site.command("check")).toBe(0);
  expect(site.printed).toBe("4 pages: 4 as read\n1 OpenAPI document: 1 as settled");
});

it.each<[string, (it: ReturnType<typeof published>) => void, string]>([
  [
    "a field that the vendor does not have",
    ({ components }) => delete components.schemas.New.properties["columns"],
    "startOrderExport request columns: is not in the vendor's document",
  ],
  [
    "a field that the vendor requires",
    ({ components }) => components.schemas.New.required.push("columns"),
    "startOrderExport request columns required: it is required in the vendor's document, and not in the spec",
  ],
  [
    "a field that the vendor does not require",
    ({ components }) => components.schemas.New.required.splice(0, 1),
    "startOrderExport request name required: it is required in the spec, and not in the vendor's document",
  ],
  [
    "a required field that the spec does not have",
    ({ components }) => components.schemas.New.required.push("unneeded"),
    "startOrderExport request unneeded: is required in the vendor's document, and not in the spec",
  ],
  [
    "other words",
    ({ components }) => {
      components.schemas.New.properties["kind"] = { type: "string", enum: ["invoices"] };
    },
    "startOrderExport request kind words: only the spec has orders; only the vendor's document has invoices",
  ],
  [
    "a parameter that the vendor does not have",
    ({ paths }) => paths["/shops/{shop_id}/exports"].post.parameters.pop(),
    "startOrderExport query dry-run: is not in the vendor's document",
  ],
  [
    "a header that the vendor requires",
    ({ paths }) =>
      paths["/exports"].get.parameters.push({
        name: "X-Version",
        in: "header",
        required: true,
        schema: { type: "string" },
      }),
    "listExports header X-Version: is required in the vendor's document, and not in the spec",
  ],
  [
    "a code that the vendor does not have",
    ({ paths }) => {
      Object.assign(paths["/exports"].get, { responses: { 204: {} } });
    },
    "listExports 200: the vendor's document has no reply 200; it has 204",
  ],
  [
    "an operation that the vendor does not have",
    ({ paths }) => Reflect.deleteProperty(paths, "/exports/{id}/file"),
    "(GET /exports/{id}/file) is not in the vendor's document",
  ],
])("tells %s, and where it stands in the spec", async (_, change, line) => {
  change(document);
  publish();
  expect(await site.command("check")).toBe(1);
  expect(site.printed).toContain(`differs ${site.origin}/openapi.json (read 2026-11-26)`);
  const told = site.printed.split("\n").find((one) => one.includes(line));
  expect(told, site.printed).toMatch(/ \(specs\/acme\/openapi\.yaml:\d+\)$/);
});

it("names the line of the field", async () => {
  delete document.components.schemas.New.properties["columns"];
  publish();
  await site.command("check");
  const text = await readFile(join(site.root, "specs/acme/openapi.yaml"), "utf8");
  const line = text.split("\n").findIndex((one) => one.includes("columns:")) + 1;
  expect(site.printed).toContain(`(specs/acme/openapi.yaml:${line})`);
});

it("does not tell a difference that is settled, and tells when it is none any more", async () => {
  const reason = "The page has it.";
  await site.edit("openapi.yaml", (text) =>
    text.replace(
      "\nsecurity:\n",
      `\nx-differs: { startOrderExport request columns: ${reason} }\nsecurity:\n`,
    ),
  );
  const { columns = {} } = document.components.schemas.New.properties;
  delete document.components.schemas.New.properties["columns"];
  publish();
  await site.command("accept", "acme");
  expect(await site.command("check")).toBe(0);
  document.components.schemas.New.properties["columns"] = columns;
  publish();
  expect(await site.command("check")).toBe(1);
  expect(site.printed).toContain(
    "startOrderExport request columns: is settled in x-differs, and is no difference any more: take it out there",
  );
});

it("tells that the vendor says something else of what was settled", async () => {
  await site.edit("openapi.yaml", (text) =>
    text.replace(
      "\nsecurity:\n",
      "\nx-differs: { startOrderExport request kind words: Told by support. }\nsecurity:\n",
    ),
  );
  document.components.schemas.New.properties["kind"] = { type: "string", enum: ["a"] };
  publish();
  await site.command("accept", "acme");
  expect(await site.command("check")).toBe(0);
  document.components.schemas.New.properties["kind"] = { type: "string", enum: ["b"] };
  publish();
  expect(await site.command("check")).toBe(1);
  expect(site.printed).toContain("what it says of startOrderExport is not what it was");
});

it("says nothing of changes that are not compared", async () => {
  document.info.version = "10";
  document.components.schemas.New.properties["another"] = { type: "string" };
  publish();
  expect(await site.command("check")).toBe(0);
});

it("keeps digests in the lock, and no text of the document", async () => {
  const lock = JSON.parse(await readFile(join(site.root, "specs/acme/docs.lock.json"), "utf8"));
  const entry = lock.openapi[`${site.origin}/openapi.json`];
  expect(entry.read).toBe("2026-11-26");
  expect(entry.operations.startOrderExport).toMatch(/^[\w-]{16}$/);
  expect(await site.command("fit")).toBe(0);
  await site.edit("openapi.yaml", (text) => text.replace(/x-openapi: .*\n/, ""));
  expect(await site.command("fit")).toBe(1);
  expect(site.printed).toContain("locked, not named");
});

it.each([
  ["is not there", reply(404, "gone"), "not-found"],
  ["is a page", reply(200, "<html><p>Sign in</p></html>"), "not-openapi"],
  ["is Swagger 2.0", reply(200, '{"swagger":"2.0"}'), "not-openapi"],
  ["is cut", reply(200, '{"openapi": "3.0.1", "pa'), "not-openapi"],
])(
  "a document that %s could not be looked at, and nothing is told of the spec",
  async (_, handler, fault) => {
    site.pages["/openapi.json"] = handler;
    expect(await site.command("check")).toBe(2);
    expect(site.printed).toContain(`${fault} ${site.origin}/openapi.json`);
    expect(site.printed).not.toContain("differs");
    expect(await site.command("accept", "acme")).toBe(2);
    publish();
    expect(await site.command("check")).toBe(0);
  },
);

it("reads documents from a folder, in YAML too", async () => {
  const folder = join(site.root, "saved");
  await mkdir(folder);
  delete document.components.schemas.New.properties["columns"];
  await writeFile(join(folder, "docs.yaml"), stringify(document));
  await writeFile(
    join(folder, "pages.json"),
    JSON.stringify({ [`${site.origin}/openapi.json`]: "docs.yaml" }),
  );
  await site.command("check", "--from", folder);
  expect(site.printed).toContain("startOrderExport request columns: is not in the vendor's document");
  await rm(join(folder, "pages.json"));
  expect(await site.command("check", "--from", folder)).toBe(2);
});

it("a document that nobody has taken yet is no success", async () => {
  await rm(join(site.root, "specs/acme/docs.lock.json"));
  expect(await site.command("accept", "acme", `${site.origin}/docs`)).toBe(0);
  expect(await site.command("check")).toBe(2);
  expect(site.printed).toContain(`not taken ${site.origin}/openapi.json`);
});

it("gives machines the report", async () => {
  delete document.components.schemas.New.properties["columns"];
  publish();
  expect(await site.command("check", "--json")).toBe(1);
  const { exitCode, openapi } = JSON.parse(site.printed);
  expect(exitCode).toBe(1);
  expect(openapi[0].differences[0].place).toBe("startOrderExport request columns");
});
