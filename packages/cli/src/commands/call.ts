import { createWriteStream } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApiError } from "@outhaul/shared";
import type { Command } from "commander";
import { canAsk, connect } from "../client.js";
import { UsageError } from "../command-error.js";
import type { InstalledVendor } from "../installed-vendors.js";
import type { Io } from "../io.js";
import type { ManifestOperation } from "../manifest.js";
import { checkRequest, requestParts } from "../request-check.js";
import { type FlagTarget, requestOfFlags } from "../request-flags.js";
import { overlay, readInput } from "../request-input.js";

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
  const isJson = /[/+]json\b/.test(response.headers.get("content-type") ?? "");
  // What openapi-fetch gives with parseAs: "stream"; nothing for an empty body.
  const body = data as ReadableStream<Uint8Array> | undefined;
  const stream = body ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]) : Readable.from([]);
  const sink = () =>
    output === undefined || output === "-"
      ? io.stdout
      : createWriteStream(resolve(io.cwd, output), { flags: "wx" });
  if (!isJson) {
    await pipeline(stream, sink(), {
      end: sink !== undefined && output !== undefined && output !== "-",
    }).catch(diskError);
    return;
  }
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk;
  let pretty = text;
  try {
    pretty = `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    // it is no JSON after all: as it came
  }
  await pipeline(Readable.from([pretty]), sink(), { end: output !== undefined && output !== "-" }).catch(
    diskError,
  );
}

function diskError(error: NodeJS.ErrnoException): never {
  if (error.code === "EEXIST") throw new UsageError("the file of --output exists already");
  throw error;
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
