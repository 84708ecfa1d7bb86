import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApiError, downloadTo } from "@outhaul/shared";
import type { Command } from "commander";
import { canAsk, connect } from "../client/connect.js";
import { UsageError } from "../errors/command-error.js";
import { checkRequest, requestParts } from "../request/check.js";
import { type FlagTarget, requestOfFlags } from "../request/flags.js";
import { overlay, readInput } from "../request/input.js";
import type { Io } from "../terminal/io.js";
import type { InstalledVendor } from "../vendors/installed.js";
import type { ManifestOperation } from "../vendors/manifest.js";

/** Makes one call, and writes its reply: JSON indented, all else as it comes. */
export async function runCall(
  vendor: InstalledVendor,
  operation: ManifestOperation,
  command: Command,
  targets: readonly FlagTarget[],
  clientFlags: Readonly<Record<string, string>>,
  io: Io,
): Promise<void> {
  const { input, output } = command.opts<{ input?: string; output?: string }>();
  const { manifest } = vendor;
  const { request: given, problems } = requestOfFlags(command, targets);
  const base = input === undefined ? {} : await readInput(input, io);
  const request = overlay(base, given) as Record<string, unknown>; // both are objects
  const lines = checkRequest(manifest, operation, request, targets);
  if (problems.length + lines.length > 0) throw new UsageError(...problems, ...lines);
  const client = await connect(vendor, clientFlags, io, canAsk(io));
  const { path, query, body } = requestParts(operation, request);
  const call = client.api[operation.method];
  if (!call)
    throw new UsageError(`this version of @outhaul/${manifest.vendor} cannot send ${operation.method}`);
  const { response, data, error } = await call(operation.path, {
    params: { path, query },
    ...(body ? { body } : {}),
    parseAs: "stream",
  });
  if (!response.ok) throw refusal(manifest.vendor, operation, response, error);
  await write(response, data, output, io);
}

async function write(response: Response, data: unknown, output: string | undefined, io: Io): Promise<void> {
  const { headers } = response;
  // What openapi-fetch gives with parseAs: "stream"; nothing for an empty body.
  let body = data as ReadableStream<Uint8Array> | string | undefined;
  if (/[/+]json\b/.test(headers.get("content-type") ?? "")) {
    const text = await new Response(body).text();
    try {
      body = `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
    } catch {
      body = text; // it is no JSON after all: as it came
    }
  }
  const toFile = output !== undefined && output !== "-";
  if (toFile) {
    // The reply is here: it is what the download's only request gets. Under its name the file is whole or not there.
    const length = typeof body === "string" ? [] : [...headers].filter(([name]) => name === "content-length");
    const type = headers.get("content-type") ?? "application/octet-stream";
    const reply = new Response(body ?? "", { headers: [["content-type", type], ...length] });
    const once = { fetch: async () => reply, retry: { attempts: 1 }, createDirs: true };
    await downloadTo("https://reply.invalid/", resolve(io.cwd, output), once);
  } else if (typeof body === "string") io.stdout.write(body);
  else if (body) {
    const stream = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]); // the platform's and Node's are one
    await pipeline(stream, io.stdout, { end: false });
  }
}

function refusal(
  vendor: string,
  { id, method, path }: ManifestOperation,
  { status }: Response,
  error: unknown,
): ApiError {
  const told = typeof error === "string" ? error : error === undefined ? "" : JSON.stringify(error);
  const text = told.replace(/\s+/g, " ").slice(0, 200);
  return new ApiError(`${vendor}: ${id}: ${method} ${path} answered ${status}${text ? `: ${text}` : ""}`, {
    ...{ vendor, status, body: error },
  });
}
