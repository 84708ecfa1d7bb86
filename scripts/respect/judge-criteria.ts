import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Criterion } from "@outhaul/spec";
import { agreed, disputed, type SampleReply } from "../../packages/spec/src/testing/judged-criteria.js";
import { root } from "../vendors.js";

/** A criterion and what Respect is expected to say of it. */
interface Case {
  readonly criterion: Criterion;
  readonly reply: SampleReply;
  readonly holds: boolean;
}

/** Lets Respect evaluate the criteria that the tests of `@outhaul/spec` evaluate. @returns a line for each unexpected answer */
export async function judgeCriteria(): Promise<{ passed: number; problems: string[] }> {
  const cases: Case[] = [
    ...agreed.map(([criterion, reply, holds]) => ({ criterion, reply, holds })),
    ...disputed.map(([, criterion, reply, holds]) => ({ criterion, reply, holds: !holds })),
  ];
  const folder = mkdtempSync(join(tmpdir(), "outhaul-respect-"));
  const server = serve(cases);
  try {
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // it listens on a port
    writeDocuments(folder, cases, port);
    const answers = await runRespect(folder);
    const problems = cases.flatMap(({ criterion, reply, holds }, index) =>
      answers[index] === holds
        ? []
        : [`${JSON.stringify(criterion)} on ${JSON.stringify(reply)}: Respect says ${answers[index]}`],
    );
    return { passed: cases.length - problems.length, problems };
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Serves the reply of each case. A text stands for a body that is no JSON. */
function serve(cases: readonly Case[]): Server {
  return createServer((request, response) => {
    const { status = 404, headers = {}, body } = cases[Number(request.url?.slice(1))]?.reply ?? {};
    const isText = typeof body === "string";
    response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json", ...headers });
    response.end(isText ? body : JSON.stringify(body));
  }).listen(0, "127.0.0.1");
}

function writeDocuments(folder: string, cases: readonly Case[], port: number): void {
  const content = { "application/json": { schema: {} }, "text/plain": { schema: {} } };
  const responses = { 200: { description: "a reply", content }, 500: { description: "a reply", content } };
  const openapi = {
    openapi: "3.1.0",
    info: { title: "criteria", version: "1" },
    servers: [{ url: `http://127.0.0.1:${port}` }],
    paths: Object.fromEntries(
      cases.map((_, index) => [`/${index}`, { get: { operationId: `get${index}`, responses } }]),
    ),
  };
  const arazzo = {
    arazzo: "1.0.1",
    info: { title: "criteria", version: "1" },
    sourceDescriptions: [{ name: "criteria", type: "openapi", url: "openapi.json" }],
    workflows: cases.map(({ criterion }, index) => ({
      workflowId: `case${index}`,
      steps: [{ stepId: `step${index}`, operationId: `get${index}`, successCriteria: [criterion] }],
    })),
  };
  writeFileSync(join(folder, "openapi.json"), JSON.stringify(openapi));
  writeFileSync(join(folder, "criteria.arazzo.json"), JSON.stringify(arazzo));
}

/** What Respect says of each case; undefined where it says nothing. */
async function runRespect(folder: string): Promise<(boolean | undefined)[]> {
  const args = ["respect", "criteria.arazzo.json", "--json-output", "answers.json"];
  const child = spawn(`${root}node_modules/.bin/redocly`, args, {
    cwd: folder,
    env: { ...process.env, REDOCLY_TELEMETRY: "off" },
    stdio: "ignore",
  });
  await once(child, "close");
  const { files } = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8")) as Answers; // Respect wrote it
  return (files["criteria.arazzo.json"]?.executedWorkflows ?? []).map(
    ({ executedSteps: [step] }) => step?.checks.find(({ name }) => name === "success criteria check")?.passed,
  );
}

interface Answers {
  readonly files: Record<
    string,
    {
      readonly executedWorkflows: readonly {
        readonly executedSteps: readonly {
          readonly checks: readonly { readonly name: string; readonly passed: boolean }[];
        }[];
      }[];
    }
  >;
}
