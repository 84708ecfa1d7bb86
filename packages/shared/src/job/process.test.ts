import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createClient } from "../client.js";
import type { JobSnapshot } from "../record/types.js";
import { definition, workflow } from "../testing/fake-vendor.js";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../testing/resume-process.ts");

/** What was asked of the vendor, and what it answers to polls: the last word repeats. */
const requests: string[] = [];
let words: string[] = [];
const server = createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  const status = (words.length > 1 ? words.shift() : words[0]) ?? "running";
  const body = request.method === "POST" ? { id: "j1" } : { id: "j1", status, reason: "disk full" };
  response.writeHead(request.method === "POST" ? 202 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
});
let baseUrl = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listens on a port
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  requests.length = 0;
});

const client = () => createClient(definition, { baseUrl, token: "secret-token" });

/** Goes on with the job in a new process. */
async function inNewProcess(
  token: string,
): Promise<Partial<JobSnapshot> & { message?: string; token?: string }> {
  const { stdout } = await run(process.execPath, ["--import", "tsx/esm", script, baseUrl, token], {
    cwd: join(import.meta.dirname, "../../../.."),
    env: { ...process.env, TSX_TSCONFIG_PATH: join(import.meta.dirname, "../../tsconfig.json") },
  });
  return JSON.parse(stdout);
}

it("103. a new process goes on with a job, creates none, and sees it end the same", async () => {
  const { token } = await client().start(workflow, {});
  expect(requests).toEqual(["POST /exports"]);
  words = ["running", "running", "done"];
  const ended = await inNewProcess(token);
  expect(ended).toEqual({ state: "succeeded", polls: 3, token });
  expect(requests).toEqual(["POST /exports", ...Array<string>(3).fill("GET /exports/j1")]);
});

it("105. a new process rejects like the first for a job that has failed", async () => {
  words = ["failed"];
  const job = await client().start(workflow, {});
  const error = await job.wait({ schedule: () => 1 }).catch((thrown: unknown) => thrown);
  expect(await inNewProcess(job.token)).toEqual({ state: "failed", message: (error as Error).message });
  expect(requests).toEqual(["POST /exports", "GET /exports/j1", "GET /exports/j1"]);
});
