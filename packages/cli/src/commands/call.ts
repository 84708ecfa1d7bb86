import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApiError, downloadTo } from "@outhaul/shared";
import type { ManifestOperation } from "@outhaul/spec";
import type { Command } from "commander";
import { accountOf, chosenProfile } from "../client/account.js";
import { connect } from "../client/connect.js";
import { onStderr, tellTo } from "../client/trace.js";
import { UsageError } from "../errors/command-error.js";
import { requestParts } from "../request/check.js";
import type { RequestFlag } from "../request/flags.js";
import { readRequest } from "../request/read.js";
import { escapeJson } from "../terminal/controls.js";
import type { Io } from "../terminal/io.js";
import { printText } from "../terminal/print.js";
import { canPrompt } from "../terminal/prompt.js";
import type { InstalledVendor } from "../vendors/installed-vendors.js";

/** A call command that the user called. */
export interface CallCommand {
  readonly vendor: InstalledVendor;
  readonly operation: ManifestOperation;
  readonly command: Command;
  readonly requestFlags: readonly RequestFlag[];
  readonly clientFlags: Readonly<Record<string, string>>;
}

interface CallFlags {
  readonly input?: string;
  readonly output?: string;
  readonly overwrite: "error" | "replace" | "rename";
  readonly verbose?: boolean;
  readonly profile?: string;
  readonly allowHost?: readonly string[];
}

/** Sends one request and writes the body of the reply. JSON is indented. */
export async function runCall(called: CallCommand, io: Io): Promise<void> {
  const { vendor, operation, command, requestFlags, clientFlags } = called;
  const { manifest } = vendor;
  const { input, output, overwrite, profile, allowHost = [], verbose = false } = command.opts<CallFlags>();
  const request = await readRequest(manifest, operation, { command, flags: requestFlags, input }, io);
  const account = accountOf(chosenProfile(profile, io), clientFlags);
  const client = await connect(vendor, account, io, {
    interactive: canPrompt(io),
    allowedHosts: allowHost,
    onEvent: tellTo(onStderr(io), { verbose }),
  });
  const { path, query, body } = requestParts(operation, request);
  const send = client.api[operation.method];
  if (!send)
    throw new UsageError(`this version of @outhaul/${manifest.vendor} cannot send ${operation.method}`);
  const { response, data, error } = await send(operation.path, {
    params: { path, query },
    ...(body ? { body } : {}),
    parseAs: "stream",
  });
  if (!response.ok) throw apiError(manifest.vendor, operation, response, error, client.redact);
  const reply = await indentJson(response, data);
  if (output === undefined) await printReply(reply, io);
  else if (output === "-") await writeToStdout(reply, io);
  else await writeToFile(response, reply, resolve(io.cwd, output), overwrite);
}

type Body = ReadableStream<Uint8Array> | string | undefined;

/** Formats the body if it is JSON; otherwise the body is still a stream. */
async function indentJson({ headers }: Response, data: unknown): Promise<Body> {
  const body = data as Body; // openapi-fetch returns this for parseAs: "stream", and undefined for an empty body
  if (!/[/+]json\b/.test(headers.get("content-type") ?? "")) return body;
  const text = await new Response(body).text();
  try {
    return `${escapeJson(indent(text))}\n`;
  } catch {
    return text; // its content type is wrong
  }
}

/** Texts, which are left alone, and numbers. An open text goes on to the end, so that no character is looked at twice. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.?[^"\\]*)*(?:"|$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** JSON with indentation. Numbers keep all their digits: JavaScript would round large ones, such as ids. */
function indent(json: string): string {
  const mark = `number ${randomUUID()} `; // no text of a reply can have it
  const marked = json.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') ? token : `"${mark}${token}"`,
  );
  const text = JSON.stringify(JSON.parse(marked), null, 2);
  return text.replace(new RegExp(`"${mark}([^"]*)"`, "g"), "$1");
}

/**
 * Prints a reply. On a terminal its control characters are shown. In a pipe a reply that is no JSON keeps its bytes, because it may be a file, as with
 * `--output -`.
 */
async function printReply(body: Body, io: Io): Promise<void> {
  if (io.stdout.isTTY) printText(io.stdout, await new Response(body).text());
  else await writeToStdout(body, io);
}

/** Writes the bytes of a reply as they are. */
async function writeToStdout(body: Body, { stdout }: Io): Promise<void> {
  if (typeof body === "string") stdout.write(body);
  else if (body) {
    const stream = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]); // Node types its own stream apart
    await pipeline(stream, stdout, { end: false });
  }
}

/** Saves the body as a download that has its reply already, so that an incomplete file never gets the final name. */
async function writeToFile(
  { headers }: Response,
  body: Body,
  path: string,
  overwrite: CallFlags["overwrite"],
): Promise<void> {
  const length = typeof body === "string" ? [] : [...headers].filter(([name]) => name === "content-length");
  const type = headers.get("content-type") ?? "application/octet-stream";
  const reply = new Response(body ?? "", { headers: [["content-type", type], ...length] });
  const options = { fetch: async () => reply, retry: { attempts: 1 }, createDirs: true, overwrite };
  await downloadTo("https://reply.invalid/", path, options);
}

function apiError(
  vendor: string,
  { id, method, path }: ManifestOperation,
  { status }: Response,
  body: unknown,
  redact: (text: string) => string,
): ApiError {
  const json = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  const text = redact(json).replace(/\s+/g, " ").slice(0, 200);
  const message = `${vendor}: ${id}: ${method} ${path} answered ${status}${text ? `: ${text}` : ""}`;
  return new ApiError(message, { vendor, status, body });
}
