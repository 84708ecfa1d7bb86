import {
  type Arazzo,
  meetsAll,
  oneStepOf,
  parseCriterion,
  parseReading,
  pollOf,
  type ReplyView,
  readReply,
  type Step,
  stateOf,
  type Workflow,
} from "@outhaul/spec";
import { asObject, isObject } from "../spec/narrow.js";
import { readApi } from "../spec/open-api.js";
import { exampleRequest } from "./example-request.js";
import type { PageVendor } from "./page-vendor.js";

/** What an example export needs of the world. */
export interface ExampleOptions {
  readonly signal: AbortSignal;
  /** Waits between two polls. */
  delay(signal: AbortSignal): Promise<void>;
  /** Tells how far it is. */
  onProgress(text: string): void;
}

/** An example export did not bring its file home. */
export class ExampleError extends Error {}

/** The outputs of a workflow's steps so far. */
export type Outputs = Map<string, unknown>;

const NO_DATA = "it found no data, so there is no file";
const MAX_POLLS = 100;
const MAX_REPLY_BYTES = 1024 * 1024;
/** A request that hangs is given up after this time. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Runs the example request of a workflow as the spec has it: start, poll, download, over HTTP. It tries nothing twice but polls, so that a fault is seen for what it is.
 * @returns what came of it
 * @throws {ExampleError} saying at which step it stopped
 */
export async function runExample(vendor: PageVendor, id: string, options: ExampleOptions): Promise<string> {
  const workflow = findWorkflow(vendor, id);
  const oneStep = oneStepOf(workflow);
  const poll = oneStep ?? pollOf(workflow);
  const [start, download] = [workflow.steps[0], workflow.steps.at(-1)];
  if (!start || !poll || !download) throw new ExampleError(`${id} has no start, poll or download`);
  const inputs = exampleInputs(vendor, workflow);
  const outputs: Outputs = new Map();
  const api = readApi(vendor.sandbox.spec.openapi);
  const requestOf = (step: Step) =>
    exampleRequest({ workflow, step, api, inputs, outputs, serverUrl: vendor.serverUrl });
  const send = (step: Step, what: string): Promise<Response> => {
    const { url, init } = requestOf(step);
    return sendRequest(url, init, what, options.signal);
  };
  /** What the address of a file gets that is for those with credentials only. */
  const guardedBy = (step: Step): RequestInit => {
    const { headers = {} } = requestOf(step).init;
    return step["x-trusted-origin"] === undefined ? {} : { headers };
  };

  if (oneStep) {
    options.onProgress("fetching the file");
    const response = await send(oneStep, "the download");
    if (response.ok) return receive(response, options);
    const isEmpty = stateIn(oneStep, await readView(response)) === "empty";
    if (isEmpty) return NO_DATA;
    throw new ExampleError(`the download was answered with ${response.status}`);
  }
  options.onProgress("starting");
  const started = await readView(await send(start, "the start"));
  if (!isSuccess(start, started)) throw new ExampleError(`the start was answered with ${started.status}`);
  keepOutputs(start, started, outputs);

  for (let polls = 1; ; polls++) {
    if (polls > MAX_POLLS) throw new ExampleError(`it is not ready after ${MAX_POLLS} polls`);
    await options.delay(options.signal);
    const outcome = await pollOnce(poll, download, outputs, send);
    if (typeof outcome !== "string") return receive(outcome, options);
    if (outcome === "succeeded") break;
    if (outcome === "empty") return NO_DATA;
    if (["failed", "cancelled", "expired"].includes(outcome))
      throw new ExampleError(`the export ended as ${outcome}`);
    options.onProgress(`poll ${polls}: ${outcome}`);
  }

  if (poll === download)
    return receive(
      await fetchLink(outputs.get(`${poll.stepId}.fileUrl`), options, guardedBy(download)),
      options,
    );
  options.onProgress("fetching the file");
  const response = await send(download, "the download");
  if (download.outputs?.["fileUrl"] === undefined) {
    if (!response.ok) throw new ExampleError(`the download was answered with ${response.status}`);
    return receive(response, options);
  }
  const view = await readView(response);
  if (!isSuccess(download, view)) throw new ExampleError(`the download was answered with ${view.status}`);
  keepOutputs(download, view, outputs);
  return receive(
    await fetchLink(outputs.get(`${download.stepId}.fileUrl`), options, guardedBy(download)),
    options,
  );
}

function findWorkflow({ sandbox }: PageVendor, id: string): Workflow {
  // The sandbox has parsed the same document already.
  const { workflows } = sandbox.spec.arazzo as Arazzo;
  const workflow = workflows.find(({ workflowId }) => workflowId === id);
  if (!workflow) throw new ExampleError(`${sandbox.name} has no workflow ${id}`);
  return workflow;
}

/** The inputs of a workflow: its example, good credentials, and a name of its own where a job is found by its name. */
function exampleInputs({ clientOptions }: PageVendor, workflow: Workflow): Record<string, unknown> {
  const inputs: Record<string, unknown> = { ...clientOptions, ...asObject(workflow.inputs.examples?.[0]) };
  const create = workflow.steps[0]?.["x-create"];
  if (typeof create === "object")
    inputs[create.unique] =
      `${String(inputs[create.unique] ?? "example")} ${crypto.randomUUID().slice(0, 8)}`;
  return inputs;
}

/** Polls once. @returns the state that the reply tells, or the reply itself if it is the file */
async function pollOnce(
  poll: Step,
  download: Step,
  outputs: Outputs,
  send: (step: Step, what: string) => Promise<Response>,
): Promise<string | Response> {
  let view: ReplyView;
  try {
    const response = await send(poll, "a poll");
    const isFile = poll === download && poll.outputs?.["fileUrl"] === undefined;
    const head = { status: response.status, headers: response.headers, body: undefined };
    if (isFile && isSuccess(poll, head)) return response;
    view = await readView(response);
  } catch (error) {
    // A bad poll is no news.
    if (error instanceof ExampleError) return error.message;
    throw error;
  }
  keepOutputs(poll, view, outputs);
  if (isSuccess(poll, view)) return "succeeded";
  return stateIn(poll, view) ?? `an answer that is not documented (${view.status})`;
}

/** The state that an action of a step finds in a reply. */
function stateIn({ onFailure = [] }: Step, view: ReplyView): string | undefined {
  const action = onFailure.find(({ criteria }) => criteria && meetsAll(criteria.map(parseCriterion), view));
  return action && stateOf(action);
}

function isSuccess({ successCriteria = [] }: Step, view: ReplyView): boolean {
  return meetsAll(
    successCriteria.map((criterion) => parseCriterion(criterion)),
    view,
  );
}

function keepOutputs({ stepId, outputs = {} }: Step, view: ReplyView, kept: Outputs): void {
  for (const [name, text] of Object.entries({ id: "$response.body#/id", ...outputs })) {
    const reading = parseReading(text);
    const value = reading && readReply(reading, view);
    if (value !== undefined) kept.set(`${stepId}.${name}`, value);
  }
}

async function sendRequest(
  url: string,
  init: RequestInit,
  what: string,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
  } catch (cause) {
    signal.throwIfAborted();
    const isLate = cause instanceof Error && cause.name === "TimeoutError";
    throw new ExampleError(isLate ? `${what} got no reply` : `the connection of ${what} broke`, { cause });
  }
}

/** A reply, read. What is no JSON is a text. */
async function readView(response: Response): Promise<ReplyView> {
  const { status, headers } = response;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_REPLY_BYTES) throw new ExampleError("the reply is too long");
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ExampleError) throw cause;
    throw new ExampleError("the connection broke in the reply", { cause });
  }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return { status, headers, body: JSON.parse(text) };
  } catch {
    return { status, headers, body: text };
  }
}

/** The reply with the file at an address. Credentials are for the vendor only, unless the spec says that the file's host wants them. */
async function fetchLink(
  link: unknown,
  { signal, onProgress }: ExampleOptions,
  init: RequestInit,
): Promise<Response> {
  const address = isObject(link) ? "" : String(link ?? "").trim();
  if (!URL.canParse(address)) throw new ExampleError("the vendor answered no address of the file");
  onProgress("fetching the file");
  const response = await sendRequest(address, init, "the download", signal);
  if (!response.ok) throw new ExampleError(`the download was answered with ${response.status}`);
  return response;
}

/** Reads a file to its end, and keeps nothing. */
async function receive(response: Response, { onProgress, signal }: ExampleOptions): Promise<string> {
  const type = (response.headers.get("content-type") ?? "no type").split(";")[0];
  let bytes = 0;
  let told = Date.now();
  onProgress("fetching the file");
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (Date.now() - told < 500) continue;
      told = Date.now();
      onProgress(`fetching the file: ${bytes.toLocaleString("en")} bytes`);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new ExampleError(`the connection broke after ${bytes.toLocaleString("en")} bytes of the file`, {
      cause,
    });
  }
  return `the file has come: ${bytes.toLocaleString("en")} bytes of ${type}`;
}
