import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { createSandbox } from "../create-sandbox.js";

const folder = new URL("../../../codegen/src/testing/words/formal/", import.meta.url);
const load = (file: string) => readFileSync(new URL(file, folder), "utf8");

/** A vendor whose status has the address of the file, in its body or in a header. */
function formal(fileUrl: string) {
  const openapi = parse(load("openapi.yaml"));
  openapi.paths["/report/check"].get.responses["200"].headers = { "X-File": { schema: { type: "string" } } };
  const arazzo = parse(load("exports.arazzo.yaml").replace("$response.body#/data/files/csv", fileUrl));
  const sandbox = createSandbox({ specs: { formal: { vendor: "formal", openapi, arazzo } } });
  const vendor = sandbox.vendor("formal");
  vendor.configure({ polls: 0 });
  const send = (path: string, init: RequestInit = {}) =>
    vendor.handler(
      new Request(`https://api.formal.example/v1${path}`, {
        ...init,
        headers: { "access-token": "sandbox-token", ...init.headers },
      }),
    );
  return { vendor, send };
}

it.each([
  ["$response.body#/data/files/csv", async (reply: Response) => (await reply.json()).data.files.csv],
  ["$response.header.X-File", async (reply: Response) => reply.headers.get("x-file")],
])("puts the file's address where the workflow reads it: %s", async (fileUrl, read) => {
  const { vendor, send } = formal(fileUrl);
  const created = await send("/report/create", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "type=sales&filter[from]=1",
  });
  const { task } = (await created.json()).data;
  expect(vendor.jobs().map(({ id }) => id)).toEqual([task]);
  const address = await read(await send(`/report/check?task=${task}`));
  expect(address).toMatch(/^https:\/\/store\.sandbox\.example\//);
});
